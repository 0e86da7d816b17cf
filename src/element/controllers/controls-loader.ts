import { isServer, type ReactiveController } from 'lit';
import type { CSSResult } from 'lit';
import { VERSION } from '../../core/version.js';
import type { ControlsController, ControlsHost } from '../controls/controls-controller.js';
import type { ControlsStrings } from '../strings.js';
import { sheetsFor } from '../adopted-styles.js';
import { icons, type Icons } from '../view/icons.js';
import type { CoreController } from './core-controller.js';
import { whileConnected } from './while-connected.js';

/** What the module behind `controls` exports. */
export interface ControlsModule {
  Controls: new (host: ControlsHost, core: CoreController, icons: Icons) => ControlsController;
  /** A cache or a server may have another one than that of the element. */
  version: string;
  /** The English text. */
  words: ControlsStrings;
  styles: readonly CSSResult[];
}

/** @param _attempt 0 for the first: a browser may keep a failure for as long as the page lives */
const load = (_attempt: number): Promise<ControlsModule> => import('../controls/index.js');
let loaded: ControlsModule | undefined;

/** Uses a module that the page has loaded, instead of loading it when an element needs it. */
export function provideControls(module: ControlsModule): void {
  loaded = module;
}

/** Milliseconds until the module counts as missing: a browser may take minutes to give up a request. */
const DEADLINE = 10_000;

/** Loads the module of the controls when its host has the attribute, and tries again if that failed. */
export class ControlsLoader implements ReactiveController {
  readonly #host: ControlsHost;
  readonly #core: CoreController;
  #wasWanted = false;
  #isLoading = false;
  #attempts = 0;
  #isMissing = false;
  #controls: ControlsController | null = null;

  constructor(host: ControlsHost, core: CoreController) {
    this.#host = host;
    this.#core = core;
    host.addController(this);
    whileConnected(host, (signal) => {
      addEventListener('online', () => this.#isMissing && void this.#load(), { signal });
    });
  }

  /** The controls; null without the attribute, and until their module is loaded. */
  get controls(): ControlsController | null {
    return this.#host.controls ? this.#controls : null;
  }

  /** The text of the controls in English, once their module is loaded. */
  get words(): ControlsStrings | undefined {
    return loaded?.words;
  }

  /** The styles of the controls that are there. */
  get styles(): readonly CSSResult[] {
    return this.#controls ? (loaded?.styles ?? []) : [];
  }

  /** The module could not be loaded. */
  get isMissing(): boolean {
    return this.#host.controls && this.#isMissing;
  }

  hostUpdate(): void {
    if (isServer) return;
    const { controls } = this.#host;
    if (controls && !this.#wasWanted) void this.#load();
    this.#wasWanted = controls;
  }

  async #load(): Promise<void> {
    if (this.#controls || this.#isLoading) return;
    if (loaded) return this.#create(loaded);
    this.#isLoading = true;
    // It is used if it comes after all.
    const timer = setTimeout(() => this.#miss(`It did not load within ${DEADLINE / 1000} s.`), DEADLINE);
    try {
      const module = loaded ?? (await load(this.#attempts++));
      if (module.version !== VERSION) throw new Error(`It has version ${module.version}, the element ${VERSION}.`);
      loaded = module;
      this.#create(loaded);
    } catch (error) {
      this.#miss(error);
    }
    clearTimeout(timer);
    this.#isLoading = false;
    this.#host.requestUpdate();
  }

  #miss(reason: unknown): void {
    this.#isMissing = true;
    console.error('<nano-webcaster>: the module of the controls could not be loaded.', reason);
    this.#host.requestUpdate();
  }

  #create({ Controls, styles }: ControlsModule): void {
    this.#isMissing = false;
    this.#controls = new Controls(this.#host, this.#core, icons);
    const root = this.#host.renderRoot as ShadowRoot;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheetsFor(root, styles)];
  }
}
