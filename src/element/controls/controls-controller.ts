import { isServer, type ReactiveController } from 'lit';
import type { CoreController, CoreHost } from '../controllers/core-controller.js';
import { Ticker } from '../controllers/ticker.js';
import type { Language } from '../strings.js';
import { controlsView, type ControlsParts } from './controls-view.js';
import { diagnose } from './diagnostics.js';
import { LevelMeterController } from './level-meter-controller.js';
import { showLevel, showMeasured, showSecondsLive } from './live-nodes.js';
import type { Actions, ControlsActions, ControlsState, Panel, ViewModel } from './model.js';
import { Numbers } from './numbers.js';

/** What the controls need of the element. */
export interface ControlsHost extends CoreHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly actions: Actions;
  readonly language: Language;
}

/** What the attribute `controls` adds: buttons, facts, settings and statistics, with what they need while shown. */
export class ControlsController implements ReactiveController {
  readonly #host: ControlsHost;
  readonly #core: CoreController;
  readonly #meter: LevelMeterController;
  readonly #clock: Ticker;
  #connected: AbortController | undefined;
  #openPanel: Panel | null = null;
  #isConfirmingStop = false;
  #isCopied = false;
  #diagnostics = '';
  #numbers = new Numbers('en');
  #numbersLanguage = 'en';

  readonly actions: ControlsActions;

  constructor(host: ControlsHost, core: CoreController) {
    this.#host = host;
    this.#core = core;
    this.#clock = new Ticker(host, () => showSecondsLive(host.renderRoot, this.#clock.secondsGone));
    this.#meter = new LevelMeterController(host, (level) => showLevel(host.renderRoot, level));
    this.actions = {
      ...host.actions,
      askToStop: () => this.#askToStop(),
      confirmStop: () => this.#confirmStop(),
      keepGoing: () => this.#setConfirming(false),
      toggle: (panel) => this.#toggle(panel),
      copyDiagnostics: () => void this.#copyDiagnostics(),
    };
    host.addController(this);
  }

  get state(): ControlsState {
    return {
      openPanel: this.#openPanel,
      isConfirmingStop: this.#isConfirmingStop,
      isCopied: this.#isCopied,
      diagnostics: this.#diagnostics,
      isTalkingWhileMuted: false,
    };
  }

  hostConnected(): void {
    if (isServer) return;
    this.#connected = new AbortController();
    const { signal } = this.#connected;
    this.#host.addEventListener('keydown', (event) => this.#closeByKey(event), { signal });
    const handleDevices = () => this.#host.controls && this.#core.listDevices();
    navigator.mediaDevices?.addEventListener('devicechange', handleDevices, { signal });
    this.#core.stats.onChange = () => this.#showMeasured();
  }

  hostDisconnected(): void {
    this.#connected?.abort();
  }

  hostUpdate(): void {
    const { controls } = this.#host;
    this.#core.measure(controls);
    this.#clock.count(controls ? this.#core.liveSince : null);
    if (!this.#core.isLive) this.#isConfirmingStop = false;
  }

  hostUpdated(): void {
    // An element that was taken out is rendered once more.
    const { controls, muted, isConnected } = this.#host;
    this.#meter.measure(controls && !muted && isConnected ? this.#core.mediaStream : null);
    if (!controls) return;
    showSecondsLive(this.#host.renderRoot, this.#clock.secondsGone);
    this.#showMeasured();
  }

  render(model: ViewModel, language: Language): ControlsParts {
    return controlsView({
      model,
      actions: this.actions,
      words: language.words,
      numbers: this.#numbersOf(language),
    });
  }

  /** Only Intl's formatters are worth keeping. */
  #numbersOf({ tag }: Language): Numbers {
    if (tag !== this.#numbersLanguage) this.#numbers = new Numbers(tag);
    this.#numbersLanguage = tag;
    return this.#numbers;
  }

  #showMeasured(): void {
    if (!this.#host.controls || this.#openPanel !== 'stats' || document.visibilityState === 'hidden') return;
    const { latest: stats, bitrates } = this.#core.stats;
    const { language } = this.#host;
    showMeasured(this.#host.renderRoot, { stats, bitrates }, language.words, this.#numbersOf(language));
  }

  #askToStop(): void {
    if (this.#core.isLive) this.#setConfirming(true);
    else this.actions.stop();
  }

  #confirmStop(): void {
    this.#setConfirming(false);
    this.actions.stop();
  }

  #setConfirming(isConfirming: boolean): void {
    this.#isConfirmingStop = isConfirming;
    this.#host.requestUpdate();
  }

  async #copyDiagnostics(): Promise<void> {
    const { status, errors, stats, core } = this.#core;
    const { latest, quality } = stats;
    const report = core.report ?? { outages: [] };
    const { settings } = this.#core;
    const diagnosed = { status, settings, errors, report, stats: latest, quality };
    const text = diagnose(diagnosed, navigator.userAgent, Date.now());
    try {
      await navigator.clipboard.writeText(text);
      this.#isCopied = true;
    } catch {
      this.#diagnostics = text;
    }
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector('textarea')?.select();
  }

  #toggle(panel: Panel | null): void {
    this.#openPanel = this.#openPanel === panel ? null : panel;
    this.#isCopied = false;
    this.#diagnostics = '';
    if (this.#openPanel === 'settings') this.#core.listDevices();
    this.#host.requestUpdate();
  }

  /** Escape closes the open panel, and nothing of the page around; the focus goes to the button that opened it. */
  #closeByKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented || !this.#host.controls) return;
    if (this.#isConfirmingStop) {
      event.preventDefault();
      return this.#setConfirming(false);
    }
    const panel = this.#openPanel;
    if (!panel) return;
    event.preventDefault();
    this.#host.renderRoot.querySelector<HTMLElement>(`[aria-controls=${panel}]`)?.focus();
    this.#toggle(panel);
  }
}
