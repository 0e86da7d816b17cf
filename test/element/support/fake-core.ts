import {
  RtcUserError,
  type BroadcastData,
  type BroadcastMessage,
  type DeviceList,
  type EventName,
  type PreviewData,
  type ReconnectInfo,
  type RtcUserEvent,
  type RtcUserHandler,
  type WebcasterCore,
} from '../../../src/index.js';
import type { Quality, Stats } from '../../../src/element/webcaster-core.js';
import { BROADCAST_STATES, errorEvent, type ErrorEventName } from '../../../src/core/api/events.js';

type Method = Exclude<keyof WebcasterCore, 'on' | 'off' | 'report'>;
type Arguments<Name extends Method> = Parameters<NonNullable<WebcasterCore[Name]>>;
type Argument<Name extends Method> = NonNullable<Arguments<Name>[0]>;

/** A call of the core that the test lets go on, or fail. */
export interface Held {
  resolve: () => void;
  reject: (error: RtcUserError) => void;
}

interface Hold extends Held {
  promise: Promise<void>;
}

const RECONNECT: ReconnectInfo = {
  cause: 'network',
  method: 'new-session',
  attempt: 1,
  maxRetries: 10,
  delay: 0,
  waitingFor: null,
  lostAt: 0,
};

/**
 * A core that goes live without camera, network or time. It behaves as `RtcUser` does: events come after the call, a
 * preview that is being opened is closed only once it is open, a stop ends a start without an error event, and ignored
 * failures are no unhandled rejections. Like many event emitters it calls a handler as often as it was added.
 */
export class FakeCore {
  readonly calls: { method: Method; argument: unknown }[] = [];
  readonly #handlers = new Map<EventName, RtcUserHandler[]>();
  readonly #holds = new Map<Method, Hold[]>();
  #turn: Promise<unknown> = Promise.resolve();
  /** The broadcast under way: ends its start early. */
  #live: ((error: RtcUserError) => void) | undefined;

  /** Whether camera or microphone are open. */
  isCapturing = false;

  /** What a preview delivers. */
  stream = new MediaStream();

  /** The cameras and microphones that are there. */
  devices: DeviceList = { audiodevices: [], videodevices: [] };

  /** The same, typed as what the element takes: `Pick<RtcUser, 'on'>` returns a `RtcUser`, which nobody else can be. */
  get asCore(): WebcasterCore {
    return this as unknown as WebcasterCore;
  }

  /** Whether it broadcasts or is about to. */
  get isLive(): boolean {
    return this.#live !== undefined;
  }

  /** The names of the methods called so far, in order. */
  get methods(): Method[] {
    return this.calls.map(({ method }) => method);
  }

  count(method: Method): number {
    return this.methods.filter((name) => name === method).length;
  }

  /** Has a preview deliver a camera with these settings. */
  useCamera(settings: MediaTrackSettings): MediaStreamTrack[] {
    this.stream = document.createElement('canvas').captureStream();
    const cameras = this.stream.getVideoTracks();
    for (const camera of cameras) camera.getSettings = () => settings;
    return cameras;
  }

  /** The argument of the last call of `method`. */
  last<Name extends Method>(method: Name): Argument<Name> | undefined {
    return this.calls.findLast((call) => call.method === method)?.argument as Argument<Name> | undefined;
  }

  forgetCalls(): void {
    this.calls.length = 0;
  }

  /** Makes the next call of `method` wait for the test. */
  hold(method: Method): Held {
    let held: Held | undefined;
    const promise = new Promise<void>((resolve, reject) => (held = { resolve, reject }));
    promise.catch(() => undefined);
    const hold: Hold = { promise, ...(held as unknown as Held) };
    this.#holds.set(method, [...(this.#holds.get(method) ?? []), hold]);
    return hold;
  }

  /** Makes the next call of `method` fail, with the error event that goes with it. */
  fail(method: Method, error: RtcUserError): void {
    this.hold(method).reject(error);
  }

  /** How many handlers are there for `name`. */
  handlers(name: EventName): number {
    return this.#handlers.get(name)?.length ?? 0;
  }

  get handlerCount(): number {
    return [...this.#handlers.values()].reduce((sum, { length }) => sum + length, 0);
  }

  on<Name extends EventName>(name: Name, handler: RtcUserHandler<Name>): this {
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), handler as RtcUserHandler]);
    return this;
  }

  off<Name extends EventName>(name: Name, handler: RtcUserHandler<Name>): this {
    const others = (this.#handlers.get(name) ?? []).filter((other) => other !== handler);
    this.#handlers.set(name, others);
    return this;
  }

  /** Hands an event to all handlers, now. */
  emit<Name extends EventName>(name: Name, data: RtcUserEvent<Name>['data']): RtcUserEvent<Name> {
    return this.#deliver({ name, data } as RtcUserEvent<Name>);
  }

  emitError<Name extends ErrorEventName>(name: Name, error: RtcUserError): RtcUserEvent<Name> {
    if (name === 'BroadcastError') this.#live = undefined;
    return this.#deliver(errorEvent(name, error));
  }

  emitStatus(message: BroadcastMessage, reconnect?: Partial<ReconnectInfo>): void {
    this.emit('BroadcastStatus', {
      message,
      text: message,
      state: BROADCAST_STATES[message],
      streamname: '',
      ...(message === 'reconnecting_broadcast' && { reconnect: { ...RECONNECT, ...reconnect } }),
    });
  }

  emitCapture(status: Partial<RtcUserEvent<'CaptureStatus'>['data']>): void {
    this.emit('CaptureStatus', { kind: 'videoinput', state: 'live', device: '', message: '', ...status });
  }

  emitStats(results: Stats, quality?: Quality): void {
    const stats = { results, state: 6, streamname: '', text: 'broadcasting' } as const;
    this.emit('ReceivedWebRTCStats', { message: 'broadcasting', results, quality, stats });
  }

  emitDevices(devices: DeviceList): void {
    this.emit('ReceivedDeviceList', { devices, updated: true });
  }

  getDevices(): void {
    this.calls.push({ method: 'getDevices', argument: undefined });
    this.#later(() => this.emitDevices(this.devices));
  }

  /** Whose statistics were turned on or off last. */
  statsOwner: 'page' | 'other' | undefined;

  enableStats(enable: boolean, _interval?: number, owner?: object): void {
    this.statsOwner = owner ? 'other' : 'page';
    this.calls.push({ method: 'enableStats', argument: enable });
  }

  signIn(options: Argument<'signIn'>): Promise<void> {
    return this.#answer('signIn', options, 'SignInError', () =>
      this.#later(() => this.emit('SignInSuccess', { server: options.server, userId: '' })),
    );
  }

  setConfig(config: Argument<'setConfig'>): Promise<void> {
    return this.#answer('setConfig', config, 'SetConfigError', () => undefined);
  }

  muteDevice(config: Argument<'muteDevice'>): Promise<void> {
    return this.#answer('muteDevice', config, 'MuteDeviceError', () => undefined);
  }

  setMediaStream(config: Argument<'setMediaStream'>): Promise<void> {
    return this.#answer('setMediaStream', config, 'StartPreviewError', () => undefined);
  }

  startPreview(config: Argument<'startPreview'> = {}): Promise<PreviewData> {
    const before = this.#turn;
    const opened = this.#answer('startPreview', config, 'StartPreviewError', async () => {
      await before;
      this.isCapturing = true;
      const data: PreviewData = {
        constraints: {},
        metadata: { hasAudio: true, hasVideo: true },
        stream: this.stream,
      };
      this.#later(() => this.emit('StartPreviewSuccess', data));
      return data;
    });
    this.#turn = opened.catch(() => undefined);
    return opened;
  }

  stopPreview(): Promise<void> {
    const before = this.#turn;
    const closed = this.#answer('stopPreview', undefined, 'StartPreviewError', async () => {
      await before;
      this.isCapturing = false;
      this.#later(() => this.emit('StopPreviewSuccess', {}));
    });
    this.#turn = closed.catch(() => undefined);
    return closed;
  }

  startBroadcast(config: Argument<'startBroadcast'> = {}): Promise<BroadcastData> {
    let abort: ((error: RtcUserError) => void) | undefined;
    const stopped = new Promise<never>((_, reject) => (abort = reject));
    this.#live = abort;
    const isOver = () => this.#live !== abort;
    this.#later(() => isOver() || this.emitStatus('signalling'));
    const goLive = () => {
      if (isOver()) return {};
      this.#later(() => this.emitStatus('connected'));
      this.#later(() => this.emit('StartBroadcastSuccess', {}));
      this.#later(() => this.emitStatus('broadcasting'));
      return {};
    };
    const fail = (error: RtcUserError) => {
      if (isOver()) return;
      this.#live = undefined;
      this.#later(() => this.emitError('StartBroadcastError', error));
    };
    const started = this.#answer('startBroadcast', config, fail, goLive);
    const outcome = Promise.race([started, stopped]);
    outcome.catch(() => undefined);
    return outcome;
  }

  stopBroadcast(): Promise<void> {
    if (!this.#live) this.fail('stopBroadcast', new RtcUserError(5003, 'No broadcast is running.'));
    this.#live?.(new RtcUserError(5001, 'The broadcast was stopped.'));
    this.#live = undefined;
    return this.#answer('stopBroadcast', undefined, 'StopBroadcastError', () =>
      this.#later(() => this.emit('StopBroadcastSuccess', {})),
    );
  }

  #answer<T>(
    method: Method,
    argument: unknown,
    failure: ErrorEventName | ((error: RtcUserError) => void),
    task: () => T | Promise<T>,
  ): Promise<T> {
    this.calls.push({ method, argument });
    const hold = this.#holds.get(method)?.shift();
    const outcome = (hold?.promise ?? Promise.resolve()).then(task, (error: RtcUserError) => {
      if (typeof failure === 'function') failure(error);
      else this.#later(() => this.emitError(failure, error));
      throw error;
    });
    outcome.catch(() => undefined);
    return outcome;
  }

  #later(task: () => unknown): void {
    queueMicrotask(task);
  }

  #deliver<Event extends RtcUserEvent>(event: Event): Event {
    for (const handler of this.#handlers.get(event.name) ?? []) handler(event);
    return event;
  }
}
