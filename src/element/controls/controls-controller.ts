import type { ReactiveController } from 'lit';
import type { BroadcastReport } from '../../core/stats/report.js';
import type { CoreController, CoreHost } from '../controllers/core-controller.js';
import { monotonicNow } from '../controllers/clock.js';
import { Ticker } from '../controllers/ticker.js';
import { whileConnected } from '../controllers/while-connected.js';
import type { Language } from '../strings.js';
import type { Icons } from '../view/icons.js';
import type { Status } from '../webcaster-core.js';
import type { ControlsParts } from './controls-parts.js';
import { toControlsModel } from './controls-model.js';
import { controlsView } from './controls-view.js';
import { diagnose } from './diagnostics.js';
import { LevelMeterController } from './level-meter-controller.js';
import { showLevel, showMeasured, showSecondsLive } from './live-nodes.js';
import { MutedSpeechController } from './muted-speech-controller.js';
import type { Actions, ControlsActions, ControlsState, Panel, ViewModel } from './model.js';
import { Numbers } from './numbers.js';

/** What the controls need of the element. */
export interface ControlsHost extends CoreHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly actions: Actions;
  readonly language: Language;
  readonly report: BroadcastReport;
}

/** Milliseconds in which a second press is part of the first. */
const DOUBLE_CLICK = 700;

/** What the attribute `controls` adds: buttons, facts, settings and statistics, with what they need while shown. */
export class ControlsController implements ReactiveController {
  readonly #host: ControlsHost;
  readonly #core: CoreController;
  readonly #icons: Icons;
  readonly #meter: LevelMeterController;
  readonly #mutedSpeech: MutedSpeechController;
  readonly #clock: Ticker;
  #openPanel: Panel | null = null;
  #isConfirmingStop = false;
  #pressedAt = -Infinity;
  #permissionElementFailures = 0;
  /** The status in which the diagnostics were copied: another one is news, and this is not. */
  #copiedIn: Status | undefined;
  #diagnostics = '';

  readonly actions: ControlsActions;

  constructor(host: ControlsHost, core: CoreController, icons: Icons) {
    this.#host = host;
    this.#core = core;
    this.#icons = icons;
    this.#clock = new Ticker(host, () => showSecondsLive(host.renderRoot, this.#clock.secondsGone), true);
    this.#meter = new LevelMeterController(host, (level) => showLevel(host.renderRoot, level));
    this.#mutedSpeech = new MutedSpeechController(host);
    const { start, retry } = host.actions;
    this.actions = {
      ...host.actions,
      start: () => this.#press(start),
      retry: () => this.#press(retry),
      askToStop: () => this.#isPressedTwice() || this.#press(() => this.#askToStop()),
      confirmStop: () => this.#confirmStop(),
      keepGoing: () => this.#keepGoing(),
      toggle: (panel) => this.#toggle(panel),
      permissionElementFailed: () => this.#permissionElementFailed(),
      copyDiagnostics: () => void this.#copyDiagnostics(),
    };
    host.addController(this);
    whileConnected(host, (signal) => this.#listen(signal));
  }

  get state(): ControlsState {
    return {
      openPanel: this.#openPanel,
      isConfirmingStop: this.#isConfirmingStop,
      isSpeechMuted: this.#mutedSpeech.isHeard,
      canAskHere: this.#permissionElementFailures < 2,
      isCopied: this.#copiedIn !== undefined,
      diagnostics: this.#diagnostics,
    };
  }

  #listen(signal: AbortSignal): void {
    this.#host.addEventListener('keydown', (event) => this.#closeByKey(event), { signal });
    const handleDevices = () => this.#host.controls && this.#core.listDevices();
    navigator.mediaDevices?.addEventListener('devicechange', handleDevices, { signal });
    this.#core.state.stats.onChange = () => this.#showMeasured();
  }

  hostUpdate(): void {
    const { controls } = this.#host;
    this.#core.measure(controls && this.#host.isConnected);
    this.#clock.count(controls ? this.#core.state.liveSince : null);
    if (this.#copiedIn !== this.#core.status) this.#copiedIn = undefined;
    if (!controls) this.#openPanel = null;
    if (!controls || !this.#core.isLive) this.#isConfirmingStop = false;
  }

  hostUpdated(): void {
    // An element that was taken out is rendered once more.
    const { controls, muted, isConnected } = this.#host;
    this.#meter.measure(controls && !muted && isConnected ? this.#core.mediaStream : null);
    const isLiveMuted = controls && muted && isConnected && this.#core.isLive;
    this.#mutedSpeech.listen(isLiveMuted ? this.#core.mediaStream : null);
    if (!controls) return;
    showSecondsLive(this.#host.renderRoot, this.#clock.secondsGone);
    this.#showMeasured();
  }

  render(model: ViewModel, language: Language): ControlsParts {
    return controlsView({
      model: toControlsModel(model, this.#core, this.state, this.#host.muted),
      actions: this.actions,
      words: language.words,
      numbers: new Numbers(language.tag),
      icons: this.#icons,
    });
  }

  #showMeasured(): void {
    if (!this.#host.controls || this.#openPanel !== 'stats' || document.visibilityState === 'hidden') return;
    const { latest: stats, bitrates } = this.#core.state.stats;
    const { language } = this.#host;
    showMeasured(this.#host.renderRoot, { stats, bitrates }, language.words, new Numbers(language.tag));
  }

  #press(action: () => void): void {
    this.#pressedAt = monotonicNow();
    action();
  }

  /** The second click of a double click, or a key held down, finds another button in the place of the first. */
  #isPressedTwice(): boolean {
    return monotonicNow() - this.#pressedAt < DOUBLE_CLICK;
  }

  /** Once it may have been clicked too soon after it appeared or moved; in some frames it never works. */
  #permissionElementFailed(): void {
    this.#permissionElementFailures++;
    this.#host.requestUpdate();
  }

  #askToStop(): void {
    if (!this.#core.isLive) return this.actions.stop();
    this.#setConfirming(true);
    void this.#focus('[data-focus]');
  }

  async #focus(selector: string): Promise<void> {
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }

  #keepGoing(): void {
    this.#setConfirming(false);
    void this.#focus('.main');
  }

  #confirmStop(): void {
    this.#keepGoing();
    this.actions.stop();
  }

  #setConfirming(isConfirming: boolean): void {
    this.#isConfirmingStop = isConfirming;
    this.#host.requestUpdate();
  }

  async #copyDiagnostics(): Promise<void> {
    const { status, settings, state } = this.#core;
    const { errors, stats } = state;
    const { latest, quality } = stats;
    const { report } = this.#host;
    const diagnosed = { status, settings, errors, report, stats: latest, quality };
    const text = diagnose(diagnosed, navigator.userAgent, Date.now());
    try {
      await navigator.clipboard.writeText(text);
      this.#copiedIn = this.#core.status;
    } catch {
      this.#diagnostics = text;
    }
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector('textarea')?.select();
  }

  /** The focus goes into a panel that opens, and back to a button that opens it when it closes. */
  #toggle(panel: Panel | null): void {
    const before = this.#openPanel;
    this.#openPanel = before === panel ? null : panel;
    this.#copiedIn = undefined;
    this.#diagnostics = '';
    if (this.#openPanel === 'settings') this.#core.listDevices();
    this.#host.requestUpdate();
    void this.#focus(
      this.#openPanel ? `#${this.#openPanel} h2` : `[aria-controls=${before}], [aria-controls=settings]`,
    );
  }

  /** Escape closes the open panel, and nothing of the page around; the focus goes to the button that opened it. */
  #closeByKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented || !this.#host.controls) return;
    if (this.#isConfirmingStop) {
      event.preventDefault();
      return this.#keepGoing();
    }
    if (!this.#openPanel) return;
    event.preventDefault();
    this.#toggle(null);
  }
}
