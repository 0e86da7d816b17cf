import { randomBytes, randomUUID } from 'node:crypto';
import { Problem } from './problem.js';
import { Peer, type PeerTimeouts } from './peer.js';
import { buildFragment, type IceFragment } from './fragment.js';
import type { CodecChoice, MediaKind, Offer, OfferRole } from './sdp.js';

/** A number for each kind of media. */
export type PerKind = Record<MediaKind, number>;

/** What tests and the demo may see of a session. Nothing in it gives power over the session. */
export interface SessionInfo {
  /** A short name for logs and tables; not the id in the session URL. */
  readonly id: string;
  readonly kind: 'whip' | 'whep';
  readonly stream: string;
  readonly state: string;
  /** All states so far of ICE, DTLS and the session. */
  readonly states: readonly string[];
  readonly codec: { readonly audio?: string; readonly video?: string };
  /** Received from a publisher, sent to a viewer. */
  readonly packets: Readonly<PerKind>;
  readonly bytes: Readonly<PerKind>;
  /** Key frames asked of the publisher, or asked for by the viewer. */
  readonly keyframeRequests: number;
  /** ICE restarts so far. */
  readonly restarts: number;
  /** ISO time of its creation. */
  readonly since: string;
}

/** What a PATCH led to. */
export interface RestartResult {
  readonly fragment: string;
  readonly etag: string;
}

/** What a publisher and a viewer have in common: one HTTP session around one peer connection. */
export abstract class MediaSession {
  abstract readonly kind: 'whip' | 'whep';
  /** The secret in the session URL. */
  readonly secret = randomUUID();
  readonly id = randomBytes(4).toString('hex');
  readonly stream: string;
  readonly codecs: CodecChoice;
  readonly peer: Peer;
  protected readonly packets: PerKind = { audio: 0, video: 0 };
  protected readonly bytes: PerKind = { audio: 0, video: 0 };
  protected keyframeRequests = 0;
  readonly #offer: Offer;
  readonly #since = new Date();
  #etag = newEtag();
  #restarts = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    role: OfferRole,
    stream: string,
    offer: Offer,
    codecs: CodecChoice,
    timeouts: PeerTimeouts,
    onGone: (reason: string) => void,
  ) {
    this.stream = stream;
    this.codecs = codecs;
    this.#offer = offer;
    this.peer = new Peer(role, codecs, timeouts, { onConnected: () => this.onConnected(), onGone });
  }

  /** The entity tag of the current ICE generation. */
  get etag(): string {
    return this.#etag;
  }

  get info(): SessionInfo {
    const { audio, video } = this.codecs;
    return {
      id: this.id,
      kind: this.kind,
      stream: this.stream,
      state: this.peer.state,
      states: this.peer.states,
      codec: { ...(audio && { audio: audio.name }), ...(video && { video: video.name }) },
      packets: { ...this.packets },
      bytes: { ...this.bytes },
      keyframeRequests: this.keyframeRequests,
      restarts: this.#restarts,
      since: this.#since.toISOString(),
    };
  }

  /** Runs PATCHes one after the other, so that a restart and trickled candidates never mix generations. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  answer(): Promise<string> {
    return this.peer.answer(this.#offer, this.codecs);
  }

  /** Adds trickled candidates of the current generation. */
  trickle(fragment: IceFragment): void {
    this.#checkMid(fragment);
    this.peer.addCandidates(fragment.candidates);
  }

  /** Restarts ICE with the client's new credentials. */
  async restart(fragment: IceFragment): Promise<RestartResult> {
    this.#checkMid(fragment);
    if (!fragment.credentials) throw new Problem(400, 'An ICE restart needs a=ice-ufrag and a=ice-pwd.');
    await this.peer.restart(fragment.credentials, fragment.candidates);
    this.#restarts++;
    this.#etag = newEtag();
    const { credentials, candidates } = this.peer.localIce;
    const mids = this.#offer.sections.map(({ mid }) => mid);
    const mLine = this.#offer.sections[0]?.mLine ?? '';
    return { fragment: buildFragment(mids, mLine, credentials, candidates), etag: this.#etag };
  }

  close(): Promise<void> {
    return this.peer.close();
  }

  protected abstract onConnected(): void;

  protected count(kind: MediaKind, bytes: number): void {
    this.packets[kind]++;
    this.bytes[kind] += bytes;
  }

  #checkMid({ mid }: IceFragment): void {
    if (mid !== undefined && !this.#offer.sections.some((section) => section.mid === mid)) {
      throw new Problem(400, 'The a=mid of the fragment is not one of this session.');
    }
  }
}

function newEtag(): string {
  return `"${randomBytes(8).toString('hex')}"`;
}
