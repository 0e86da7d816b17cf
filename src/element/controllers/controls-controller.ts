import { html, isServer, nothing, type ReactiveController, type TemplateResult } from 'lit';
import { diagnose } from '../diagnostics.js';
import type { Language, Strings } from '../strings.js';
import { controlsBar, facts, previewButton, type ControlsView, type Panel } from '../view/controls-view.js';
import { Numbers } from '../view/numbers.js';
import { chosen, settingsFields } from '../view/settings-view.js';
import { statsPanel } from '../view/stats-view.js';
import type { CoreController, CoreHost } from './core-controller.js';
import { LevelMeterController } from './level-meter-controller.js';
import { SecondsController } from './seconds-controller.js';

interface ControlsHost extends CoreHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
}

/** The controls that hold from the next start: an open preview is opened anew for them. Devices are switched anyway. */
const FOR_THE_NEXT_START = new Set(['source', 'size', 'framerate', 'audioMode']);

/** What the attribute `controls` shows: buttons, facts, settings and statistics, with what they need while shown. */
export class ControlsController implements ReactiveController {
  readonly #host: ControlsHost;
  readonly #core: CoreController;
  readonly #meter: LevelMeterController;
  readonly #clock: SecondsController;
  #connected: AbortController | undefined;
  #openPanel: Panel | null = null;
  #isCopied = false;
  #toCopyByHand = '';

  constructor(host: ControlsHost, core: CoreController) {
    this.#host = host;
    this.#core = core;
    this.#clock = new SecondsController(host, true);
    this.#meter = new LevelMeterController(host, (level) => this.#showLevel(level));
    host.addController(this);
  }

  /** Which of the panels is open. */
  get openPanel(): Panel | null {
    return this.#host.controls ? this.#openPanel : null;
  }

  /** Whether the diagnostics have just been copied. */
  get isCopied(): boolean {
    return this.#isCopied;
  }

  hostConnected(): void {
    if (isServer) return;
    this.#connected = new AbortController();
    const { signal } = this.#connected;
    this.#host.addEventListener('keydown', (event) => this.#closeByKey(event), { signal });
    const handleDevices = () => this.#host.controls && this.#core.listDevices();
    navigator.mediaDevices?.addEventListener('devicechange', handleDevices, { signal });
  }

  hostDisconnected(): void {
    this.#connected?.abort();
  }

  hostUpdate(): void {
    const { controls } = this.#host;
    this.#core.measure(controls);
    this.#clock.count(controls ? this.#core.liveSince : 0);
  }

  hostUpdated(): void {
    // An element that was taken out is rendered once more.
    const { controls, muted, isConnected } = this.#host;
    this.#meter.measure(controls && !muted && isConnected ? this.#core.mediaStream : null);
  }

  /** Quality and time, for the picture or the bar. */
  renderFacts({ words }: Language): TemplateResult {
    const { liveSince, stats } = this.#core;
    return facts({ words, quality: stats.quality, secondsLive: liveSince ? this.#clock.gone : undefined });
  }

  renderPreviewButton({ words }: Language): TemplateResult {
    return previewButton(this.#view(words));
  }

  renderBar({ words }: Language): TemplateResult {
    return controlsBar(this.#view(words));
  }

  renderPanels(language: Language): TemplateResult {
    const { words } = language;
    const numbers = new Numbers(language.tag);
    const settings = () =>
      settingsFields({
        words,
        numbers,
        settings: this.#host,
        devices: this.#core.devices,
        isLocked: this.#core.isActive,
        choose: this.#choose,
      });
    const stats = () =>
      statsPanel({
        words,
        numbers,
        stats: this.#core.stats.latest,
        bitrates: this.#core.stats.bitrates,
        isCopied: this.#isCopied,
        toCopyByHand: this.#toCopyByHand,
        copy: this.#copy,
      });
    return html`${this.#renderPanel('settings', words.settings, settings)}${this.#renderPanel(
      'stats',
      words.statistics,
      stats,
    )}`;
  }

  #renderPanel(name: Panel, label: string, content: () => TemplateResult): TemplateResult {
    const isOpen = this.#openPanel === name;
    return html`<div class="panel" part=${name} id=${name} role="group" aria-label=${label} ?hidden=${!isOpen}>
      ${isOpen ? content() : nothing}
    </div>`;
  }

  #view(words: Strings): ControlsView {
    const core = this.#core;
    return {
      words,
      isActive: core.isActive,
      isRetry: core.status === 'failed' && !core.isPreviewFailed,
      isPreviewing: core.mediaStream !== null,
      canPreview: !core.isActive && !core.isStreamGiven,
      muted: this.#host.muted,
      videoMuted: this.#host.videoMuted,
      openPanel: this.#openPanel,
      toggleLive: this.#toggleLive,
      togglePreview: this.#togglePreview,
      toggleMicrophone: this.#toggleMicrophone,
      toggleCamera: this.#toggleCamera,
      toggleSettings: this.#toggleSettings,
      toggleStats: this.#toggleStats,
    };
  }

  readonly #toggleLive = (): void => void (this.#core.isActive ? this.#core.stop() : this.#core.start());

  readonly #togglePreview = (): void =>
    void (this.#core.mediaStream ? this.#core.stopPreview() : this.#core.startPreview());

  readonly #toggleMicrophone = (): void => void (this.#host.muted = !this.#host.muted);

  readonly #toggleCamera = (): void => void (this.#host.videoMuted = !this.#host.videoMuted);

  readonly #toggleSettings = (): void => {
    this.#toggle('settings');
    if (this.#openPanel === 'settings') this.#core.listDevices();
  };

  readonly #toggleStats = (): void => this.#toggle('stats');

  readonly #choose = ({ target }: Event): void => {
    const { name, value } = target as HTMLInputElement | HTMLSelectElement;
    Object.assign(this.#host, chosen(name, value));
    const isOpen = this.#core.mediaStream !== null && !this.#core.isStreamGiven && !this.#core.isActive;
    if (isOpen && FOR_THE_NEXT_START.has(name)) void this.#core.startPreview();
  };

  readonly #copy = async (): Promise<void> => {
    const { status, errors, stats, core } = this.#core;
    const { latest, quality } = stats;
    const report = core.report ?? { outages: [] };
    const diagnosed = { status, settings: this.#host, errors, report, stats: latest, quality };
    const text = diagnose(diagnosed, navigator.userAgent, Date.now());
    try {
      await navigator.clipboard.writeText(text);
      this.#isCopied = true;
    } catch {
      this.#toCopyByHand = text;
    }
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector('textarea')?.select();
  };

  #toggle(panel: Panel): void {
    this.#openPanel = this.#openPanel === panel ? null : panel;
    this.#isCopied = false;
    this.#toCopyByHand = '';
    this.#host.requestUpdate();
  }

  /** Escape closes the open panel, and nothing of the page around; the focus goes to the button that opened it. */
  #closeByKey(event: KeyboardEvent): void {
    const { openPanel } = this;
    if (event.key !== 'Escape' || event.defaultPrevented || !openPanel) return;
    event.preventDefault();
    this.#host.renderRoot.querySelector<HTMLElement>(`[aria-controls=${openPanel}]`)?.focus();
    this.#toggle(openPanel);
  }

  /** By hand and not by a render: it changes many times a second. */
  #showLevel(level: number): void {
    const { style } = this.#host.renderRoot.querySelector<HTMLElement>('.level') ?? {};
    style?.setProperty('--level', level.toFixed(2));
  }
}
