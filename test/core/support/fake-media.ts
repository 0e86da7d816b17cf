export type Kind = 'audio' | 'video';

let lastId = 0;
const nextId = (name: string) => `${name}-${++lastId}`;

/** A `MediaStreamTrack`. */
export class FakeTrack {
  readonly id = nextId('track');
  readonly kind: Kind;
  readonly label: string;
  readonly settings: MediaTrackSettings;
  enabled = true;
  readyState: MediaStreamTrackState = 'live';

  constructor(kind: Kind, label: string = kind, settings: MediaTrackSettings = {}) {
    this.kind = kind;
    this.label = label;
    this.settings = settings;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  getSettings(): MediaTrackSettings {
    return this.settings;
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
export class FakeMediaDevices {
  devices = [
    device('audioinput', 'Microphone'),
    device('videoinput', 'Front camera'),
    device('videoinput', 'Back camera'),
    device('audiooutput', 'Speaker'),
  ];
  isAllowed = true;
  /** What the next calls that capture throw. */
  failure: Error | null = null;
  /** The constraints of every capture. */
  readonly captures: MediaStreamConstraints[] = [];
  /** Every track that was ever captured. */
  readonly tracks: FakeTrack[] = [];

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve(this.isAllowed ? [...this.devices] : this.devices.map(({ kind }) => device(kind, '', '')));
  }

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    await this.#capture(constraints);
    const audio = this.#open('audio', constraints.audio);
    const video = this.#open('video', constraints.video);
    return new FakeStream([...audio, ...video]) as unknown as MediaStream;
  }

  async getDisplayMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    await this.#capture(constraints);
    const screen = new FakeTrack('video', 'Screen', { deviceId: 'screen', width: 1920, height: 1080 });
    this.tracks.push(screen);
    return new FakeStream([screen]) as unknown as MediaStream;
  }

  async #capture(constraints: MediaStreamConstraints): Promise<void> {
    this.captures.push(constraints);
    await Promise.resolve();
    if (this.failure) throw this.failure;
    this.isAllowed = true;
  }

  #open(kind: Kind, constraint: Constraint): FakeTrack[] {
    if (!constraint) return [];
    const wanted = typeof constraint === 'object' ? (constraint.deviceId as { exact?: string } | undefined) : undefined;
    const found = this.devices.find(
      (info) => info.kind === `${kind}input` && (!wanted?.exact || info.deviceId === wanted.exact),
    );
    if (!found) throw new DOMException('not there', 'OverconstrainedError');
    const size = kind === 'video' ? { width: 640, height: 480, frameRate: 30 } : {};
    const track = new FakeTrack(kind, found.label, { deviceId: found.deviceId, ...size });
    this.tracks.push(track);
    return [track];
  }
}
