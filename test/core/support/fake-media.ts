import { FakeTarget } from './fake-target.js';

export type Kind = 'audio' | 'video';

let lastId = 0;
const nextId = (name: string) => `${name}-${++lastId}`;

/** A `MediaStreamTrack`. */
export class FakeTrack extends FakeTarget {
  readonly id = nextId('track');
  readonly kind: Kind;
  readonly label: string;
  readonly settings: MediaTrackSettings;
  enabled = true;
  muted = false;
  contentHint = '';
  readyState: MediaStreamTrackState = 'live';

  constructor(kind: Kind, label: string = kind, settings: MediaTrackSettings = {}) {
    super();
    this.kind = kind;
    this.label = label;
    this.settings = settings;
  }

  /** Frames per second that it delivers. */
  rate = 30;
  /** Whether it delivers samples, and the energy of a second of them. */
  hasSamples = true;
  energy = 0.01;
  #frames = 0;
  #samples = 0;
  #totalEnergy = 0;
  #countedAt = 0;

  /** What a connection counts of it in all. */
  statsAt(now: number): { frames: number } | { totalSamplesDuration: number; totalAudioEnergy: number } {
    const seconds = (now - (this.#countedAt || now)) / 1_000;
    this.#countedAt = now;
    this.#frames += seconds * this.rate;
    this.#samples += this.hasSamples ? seconds : 0;
    this.#totalEnergy += this.hasSamples && this.enabled ? seconds * this.energy : 0;
    if (this.kind === 'video') return { frames: Math.floor(this.#frames) };
    return { totalSamplesDuration: this.#samples, totalAudioEnergy: this.#totalEnergy };
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** Ends by itself, as when its device is unplugged. */
  end(): void {
    if (this.readyState === 'ended') return;
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  /** The system takes the device away, or gives it back. */
  setMuted(muted: boolean): void {
    if (this.muted === muted || this.readyState === 'ended') return;
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }

  getSettings(): MediaTrackSettings {
    return this.readyState === 'ended' ? {} : this.settings;
  }
}

/** A `MediaStream`. */
export class FakeStream {
  readonly id = nextId('stream');
  readonly #tracks = new Set<FakeTrack>();

  constructor(tracks: readonly FakeTrack[] = []) {
    for (const track of tracks) this.addTrack(track);
  }

  getTracks(): FakeTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): FakeTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): FakeTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'video');
  }

  addTrack(track: FakeTrack): void {
    this.#tracks.add(track);
  }

  removeTrack(track: FakeTrack): void {
    this.#tracks.delete(track);
  }
}

/** A stream as a page would give it, with one new track of each kind. */
export function streamOf(...kinds: Kind[]): FakeStream {
  return new FakeStream(kinds.map((kind) => new FakeTrack(kind)));
}

export function device(kind: MediaDeviceKind, label: string, deviceId = `id of ${label}`): MediaDeviceInfo {
  return { kind, label, deviceId, groupId: '', toJSON: () => ({}) };
}

type Constraint = MediaTrackConstraints | boolean | undefined;

/** `navigator.mediaDevices`. Ids and labels are kept back until something was captured, as browsers do. */
export class FakeMediaDevices extends FakeTarget {
  devices = [
    device('audioinput', 'Microphone'),
    device('videoinput', 'Front camera'),
    device('videoinput', 'Back camera'),
    device('audiooutput', 'Speaker'),
  ];
  isAllowed = true;
  /** What the next calls that capture throw. */
  failure: Error | null = null;
  /** What captures of single devices throw, by their labels. */
  readonly failures = new Map<string, Error>();
  /** Whether the system has one camera open at a time, as on some phones. */
  opensOneCamera = false;
  /** What cameras open with from now on. */
  cameraFormat = { width: 640, height: 480, frameRate: 30 };
  /** What has to happen before a capture goes on, as an answer to a prompt. */
  gate: Promise<void> = Promise.resolve();
  /** Whether a shared screen comes with its audio. */
  sharesAudio = false;
  /** How many captures are under way, and how many were at most. */
  opening = 0;
  mostOpening = 0;
  /** The constraints of every capture. */
  readonly captures: MediaStreamConstraints[] = [];
  /** Every track that was ever captured. */
  readonly tracks: FakeTrack[] = [];

  /** The live tracks of a device. */
  liveTracks(label: string): FakeTrack[] {
    return this.tracks.filter((track) => track.label === label && track.readyState === 'live');
  }

  unplug(label: string): void {
    this.devices = this.devices.filter((info) => info.label !== label);
    for (const track of this.liveTracks(label)) track.end();
    this.dispatchEvent(new Event('devicechange'));
  }

  plug(info: MediaDeviceInfo): void {
    if (!this.devices.some(({ deviceId }) => deviceId === info.deviceId)) this.devices.push(info);
    this.dispatchEvent(new Event('devicechange'));
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve(this.isAllowed ? [...this.devices] : this.devices.map(({ kind }) => device(kind, '', '')));
  }

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    await this.#capture(constraints);
    const audio = this.#open('audio', constraints.audio);
    try {
      const video = this.#open('video', constraints.video);
      return new FakeStream([...audio, ...video]) as unknown as MediaStream;
    } catch (error) {
      // Where one cannot be had, none is opened.
      for (const track of audio) track.stop();
      throw error;
    }
  }

  async getDisplayMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    await this.#capture(constraints);
    const screen = new FakeTrack('video', 'Screen', { deviceId: 'screen', width: 1920, height: 1080 });
    const audio = constraints.audio && this.sharesAudio ? [new FakeTrack('audio', 'Screen audio')] : [];
    this.tracks.push(screen, ...audio);
    return new FakeStream([screen, ...audio]) as unknown as MediaStream;
  }

  async #capture(constraints: MediaStreamConstraints): Promise<void> {
    this.captures.push(constraints);
    this.mostOpening = Math.max(this.mostOpening, ++this.opening);
    await this.gate;
    this.opening -= 1;
    if (this.failure) throw this.failure;
    this.isAllowed = true;
  }

  #isOtherCameraOpen(label: string): boolean {
    return this.tracks.some((one) => one.kind === 'video' && one.readyState === 'live' && one.label !== label);
  }

  #open(kind: Kind, constraint: Constraint): FakeTrack[] {
    if (!constraint) return [];
    const wanted = typeof constraint === 'object' ? (constraint.deviceId as { exact?: string } | undefined) : undefined;
    const found = this.devices.find(
      (info) => info.kind === `${kind}input` && (!wanted?.exact || info.deviceId === wanted.exact),
    );
    if (!found) throw new DOMException('not there', wanted?.exact ? 'OverconstrainedError' : 'NotFoundError');
    const failure = this.failures.get(found.label);
    if (failure) throw failure;
    const isHeld = this.opensOneCamera && kind === 'video' && this.#isOtherCameraOpen(found.label);
    if (isHeld) throw new DOMException('held', 'NotReadableError');
    const size = kind === 'video' ? this.cameraFormat : {};
    const track = new FakeTrack(kind, found.label, { deviceId: found.deviceId, ...size });
    this.tracks.push(track);
    return [track];
  }
}

/** A `PermissionStatus`. */
export class FakePermission extends FakeTarget {
  state: PermissionState = 'prompt';

  become(state: PermissionState): void {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

/** A `<canvas>` as far as a placeholder frame needs it. */
export class FakeCanvas {
  width = 0;
  height = 0;
  /** How often it was drawn on. */
  frames = 0;
  readonly track = new FakeTrack('video', 'Placeholder');

  getContext(): object {
    return { canvas: this, fillStyle: '', fillRect: () => void (this.frames += 1) };
  }

  captureStream(): FakeStream {
    return new FakeStream([this.track]);
  }
}

/** An `AudioContext` with one destination. */
export class FakeAudioContext extends FakeTarget {
  state: AudioContextState = 'running';
  readonly track = new FakeTrack('audio', 'Mix');
  /** The tracks that can be heard in the mix. */
  readonly mixed = new Set<FakeTrack>();
  readonly #unmixable: ReadonlySet<string>;

  /** @param unmixable the labels of tracks that it takes no sound from */
  constructor(unmixable: ReadonlySet<string>) {
    super();
    this.#unmixable = unmixable;
  }

  become(state: AudioContextState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  createMediaStreamDestination() {
    return { stream: new FakeStream([this.track]) };
  }

  createConstantSource() {
    return { offset: { value: 1 }, connect: () => undefined, start: () => undefined };
  }

  createMediaStreamSource(stream: FakeStream) {
    const [track] = stream.getAudioTracks();
    if (!track) throw new DOMException('no audio', 'InvalidStateError');
    if (this.#unmixable.has(track.label)) throw new DOMException('another sample rate', 'NotSupportedError');
    return { connect: () => void this.mixed.add(track), disconnect: () => void this.mixed.delete(track) };
  }

  /** Whether the browser lets it run when it is asked. */
  mayRun = true;

  resume(): Promise<void> {
    if (!this.mayRun) return Promise.reject(new DOMException('not yet', 'NotAllowedError'));
    if (this.state === 'suspended') this.become('running');
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.state = 'closed';
    this.track.readyState = 'ended';
    return Promise.resolve();
  }
}
