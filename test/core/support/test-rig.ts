import assert from 'node:assert/strict';
import type { ConfigPatch } from '../../../src/core/api/config.js';
import { ERROR_EVENTS, SUCCESS_EVENTS, type EventName, type RtcUserEvent } from '../../../src/core/api/events.js';
import { RtcUser, type SignInOptions, type StartBroadcastConfig } from '../../../src/core/rtc-user.js';
import type { World } from '../../../src/core/platform/world.js';
import { FakeClock, settle } from './fake-clock.js';
import {
  FakeAudioContext,
  FakeCanvas,
  FakeMediaDevices,
  FakePermission,
  FakeStream,
  streamOf,
  type Kind,
} from './fake-media.js';
import { FakeMediaPath, peerClass, type FakePeerConnection } from './fake-peer.js';
import { FakeWhipServer } from './fake-whip-server.js';

export const ENDPOINT = 'https://media.example/studio/whip';

const CODECS: RTCRtpCodec[] = [
  { mimeType: 'video/VP8', clockRate: 90000 },
  { mimeType: 'video/rtx', clockRate: 90000 },
  { mimeType: 'video/H264', clockRate: 90000, sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' },
];

/** What is used of `Storage`. */
export class FakeStorage {
  readonly items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
}

/** One `RtcUser` in a world of fakes, and everything that can be seen of it from outside. */
export class TestRig {
  readonly clock = new FakeClock();
  readonly path = new FakeMediaPath();
  readonly devices = new FakeMediaDevices();
  /** Requests and calls of peer connections, in the order they were made. */
  readonly journal: string[] = [];
  readonly peers: FakePeerConnection[] = [];
  readonly server = new FakeWhipServer(this.clock, this.journal);
  readonly events: { at: number; event: RtcUserEvent }[] = [];
  /** Everything that was logged, all parts of all lines. */
  readonly logged: unknown[] = [];
  /** What handlers threw. */
  readonly reported: unknown[] = [];
  /** What the world's dice show, from 0 to below 1. */
  random = 0.5;
  readonly user: RtcUser;
  isOnLine = true;
  isReload = false;
  readonly permissions = { camera: new FakePermission(), microphone: new FakePermission() };
  /** How often the page was kept in front while a screen was picked. */
  focusKept = 0;
  /** The tab's storage. */
  readonly storage = new FakeStorage();
  /** Sees every event when it comes. */
  onEvent: (event: RtcUserEvent) => void = () => undefined;
  /** Every canvas and every audio context that was made. */
  readonly canvases: FakeCanvas[] = [];
  readonly contexts: FakeAudioContext[] = [];
  /** The labels of tracks that no audio context takes. */
  readonly unmixable = new Set<string>();
  readonly #watchers = new Set<() => void>();
  readonly #foreground = new Set<() => void>();
  readonly #gestures = new Set<() => void>();

  constructor(config: ConfigPatch = {}, world: Partial<World> = {}) {
    this.user = this.anotherUser(world);
    for (const name of [...SUCCESS_EVENTS, ...ERROR_EVENTS]) {
      this.user.on(name, (event) => {
        this.events.push({ at: this.clock.now(), event });
        this.onEvent(event);
      });
    }
    void this.user.setConfig(config);
  }

  /** A further user in the page of this one. */
  anotherUser(world: Partial<World> = {}): RtcUser {
    const line = (...parts: unknown[]) => void this.logged.push(...parts);
    const log = { error: line, warn: line, info: line, debug: line };
    return new RtcUser({ world: { ...this.#world(), ...world }, log });
  }

  #world(): World {
    const { clock, path, journal, peers } = this;
    return {
      fetch: this.server.fetch,
      RTCPeerConnection: peerClass({ clock, path, journal, peers }),
      senderCodecs: (kind) => (kind === 'video' ? CODECS : []),
      receiverCodecs: (kind) => (kind === 'video' ? CODECS : []),
      mediaDevices: this.devices as unknown as MediaDevices,
      createStream: () => new FakeStream() as unknown as MediaStream,
      createCanvas: () => {
        const canvas = new FakeCanvas();
        this.canvases.push(canvas);
        return canvas as unknown as HTMLCanvasElement;
      },
      // Nobody looks at the picture, but where a test does: looking takes a timer for ever.
      createVideo: () => undefined,
      createAudioContext: () => {
        const context = new FakeAudioContext(this.unmixable);
        this.contexts.push(context);
        return context as unknown as AudioContext;
      },
      createCaptureController: () => ({ setFocusBehavior: () => void (this.focusKept += 1) }),
      queryPermission: (name) => Promise.resolve(this.permissions[name] as unknown as PermissionStatus),
      isSecureContext: true,
      isFeatureAllowed: () => true,
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
      isOnLine: () => this.isOnLine,
      onNetworkChange: (callback, signal) => subscribe(this.#watchers, callback, signal),
      onForeground: (callback, signal) => subscribe(this.#foreground, callback, signal),
      onGesture: (callback, signal) => subscribe(this.#gestures, callback, signal),
      storage: this.storage as unknown as Storage,
      isReload: () => this.isReload,
      origin: 'https://page.example',
      baseUrl: 'https://page.example/rig.html',
      monotonicNow: clock.monotonicNow,
      wallNow: clock.now,
      random: () => this.random,
      setTimeout: clock.setTimeout,
      clearTimeout: clock.clearTimeout,
      reportError: (error) => void this.reported.push(error),
    };
  }

  /** The newest peer connection. */
  get peer(): FakePeerConnection {
    const peer = this.peers.at(-1);
    if (!peer) throw new Error('There is no peer connection.');
    return peer;
  }

  signIn(options: Partial<SignInOptions> = {}): Promise<void> {
    return this.user.signIn({ server: ENDPOINT, ...options });
  }

  /** Gives the user a stream of the page's own with one track of each kind. */
  giveStream(...kinds: Kind[]): FakeStream {
    const stream = streamOf(...(kinds.length > 0 ? kinds : (['audio', 'video'] as const)));
    void this.user.setMediaStream({ stream: stream as unknown as MediaStream });
    return stream;
  }

  /** Signs in, gives a stream and starts; does not wait. */
  begin(options: Partial<SignInOptions> = {}, config: StartBroadcastConfig = {}): FakeStream {
    void this.signIn(options);
    const stream = this.giveStream();
    void this.user.startBroadcast(config);
    return stream;
  }

  /** As `begin`, until the broadcast is live; its events so far are forgotten. */
  async goLive(options: Partial<SignInOptions> = {}, config: StartBroadcastConfig = {}): Promise<FakeStream> {
    const stream = this.begin(options, config);
    await this.untilStatus('broadcasting');
    this.events.length = 0;
    return stream;
  }

  /** Live with the camera or the microphone alone. */
  async goLiveWith(kind: Kind, options: Partial<SignInOptions> = {}): Promise<void> {
    void this.signIn(options);
    const other = kind === 'audio' ? 'videoDeviceConfig' : 'audioDeviceConfig';
    void this.user.startPreview({ [other]: { device: false } });
    void this.user.startBroadcast();
    await this.untilStatus('broadcasting');
  }

  /** As `goLive`, with a server that knows no `PATCH`, so that every loss takes a new session. */
  async goLiveWithoutRepair(options: Partial<SignInOptions> = {}, config: StartBroadcastConfig = {}): Promise<void> {
    this.server.always('PATCH', { status: 405 });
    await this.goLive(options, config);
    await this.clock.advance(100);
  }

  /** Forgets what was seen so far; nothing may be running. */
  forget(): void {
    this.server.opened = 0;
    for (const list of [this.events, this.journal, this.peers, this.server.requests]) list.length = 0;
  }

  async untilStatus(message: string): Promise<void> {
    const before = this.events.length;
    const isReached = () => this.outline(before).includes(message);
    assert.ok(await this.clock.advanceUntil(isReached), `${message} came; there was ${this.outline().join(', ')}`);
  }

  /** Goes live, is lost 250 ms later and recovers, up to so many timers and then so many microtasks after the start. */
  async reachMoment(timers: number, microtasks: number): Promise<void> {
    this.user.once('StartBroadcastSuccess', () => void this.clock.setTimeout(() => this.losePath(), 250));
    this.begin({ jwt: 'token' });
    for (let fired = 0; fired < timers; fired++) {
      await settle();
      this.clock.fireNext();
    }
    for (let passed = 0; passed < microtasks; passed++) await null;
  }

  /** Moves on to the moment in which an attempt is announced. */
  async clockUntilAttempt(attempt: number): Promise<void> {
    const isReached = () => this.all('BroadcastStatus').at(-1)?.data.reconnect?.attempt === attempt;
    assert.ok(await this.clock.advanceUntil(isReached), `attempt ${attempt} came; there was ${this.outline().join()}`);
  }

  /** Loses the connection as when the path breaks for good. */
  losePath(): void {
    this.peer.become('failed');
  }

  /** Loses the connection as when the server ends it. */
  loseServer(): void {
    this.peer.transport.become('closed');
  }

  /** The browser goes offline or comes online, or tells of another network. */
  changeNetwork(isOnLine = true): void {
    this.isOnLine = isOnLine;
    for (const callback of [...this.#watchers]) callback();
  }

  /** The page is shown again. */
  comeToForeground(): void {
    for (const callback of [...this.#foreground]) callback();
  }

  /** Somebody clicks. */
  click(): void {
    for (const callback of [...this.#gestures]) callback();
  }

  /** How many callbacks still wait for changes of the network. */
  get networkWatchers(): number {
    return this.#watchers.size;
  }

  /** What happened: the messages of the statuses, the names of other events, those of errors with their codes. */
  outline(from = 0): string[] {
    return this.events.slice(from).map(({ event }) => {
      if (event.name === 'BroadcastStatus') return event.data.message;
      return 'error' in event ? `${event.name} ${event.error.code}` : event.name;
    });
  }

  all<Name extends EventName>(name: Name): RtcUserEvent<Name>[] {
    return this.events.map(({ event }) => event).filter((event) => event.name === name) as RtcUserEvent<Name>[];
  }

  last<Name extends EventName>(name: Name): RtcUserEvent<Name> {
    const event = this.all(name).at(-1);
    assert.ok(event, `${name} came; there was ${this.outline().join(', ')}`);
    return event;
  }

  /** The last status, with what it tells of the reconnection. */
  reconnect() {
    const { message, reconnect } = this.last('BroadcastStatus').data;
    assert.equal(message, 'reconnecting_broadcast');
    assert.ok(reconnect);
    return reconnect;
  }
}

function subscribe(watchers: Set<() => void>, callback: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  watchers.add(callback);
  signal.addEventListener('abort', () => watchers.delete(callback));
}

/** The code of the error that a promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<number | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error as { code: number }).code,
  );
}
