import { SETTINGS } from '../../../src/element/attributes.js';
import { CoreController, type CoreHost } from '../../../src/element/controllers/core-controller.js';
import { ENDPOINT, TestRig } from './test-rig.js';

type HostSetting = 'token' | 'tokenProvider' | 'iceServers' | 'source' | 'videoDevice' | 'audioDevice';
type HostSettings = Partial<Pick<CoreHost, HostSetting>>;

/** The element's controller with a rig's user as its core, and the settings of an element that is no DOM node. */
export class ElementHost {
  readonly rig: TestRig;
  readonly controller: CoreController;
  readonly settings: CoreHost;

  constructor(settings: HostSettings = {}, rig = new TestRig()) {
    this.rig = rig;
    this.settings = {
      ...Object.fromEntries(Object.entries(SETTINGS).map(([name, { default: preset }]) => [name, preset])),
      server: ENDPOINT,
      iceServers: [],
      tokenProvider: undefined,
      id: '',
      isConnected: true,
      warn: () => undefined,
      requestUpdate: () => undefined,
      addController: () => undefined,
      dispatchEvent: () => true,
      ...settings,
    } as unknown as CoreHost;
    this.controller = new CoreController(this.settings, () => undefined);
    this.controller.core = rig.user;
  }

  /** Changes settings as a page does. */
  set(settings: HostSettings): void {
    const before = new Map<PropertyKey, unknown>(Object.entries(this.settings));
    Object.assign(this.settings, settings);
    this.controller.settingsChanged(new Map(Object.keys(settings).map((name) => [name, before.get(name)])));
  }

  async goLive(): Promise<void> {
    void this.controller.start();
    await this.rig.untilStatus('broadcasting');
  }

  /** Cameras and microphones that are on. */
  get liveTracks(): number {
    return this.rig.devices.tracks.filter(({ readyState }) => readyState === 'live').length;
  }
}
