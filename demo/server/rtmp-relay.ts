import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { RtpPacket } from 'werift';
import { waitBefore } from '../../src/core/broadcast/back-off.js';
import { DEFAULT_RECONNECT, type ReconnectConfig } from '../../src/core/api/config.js';
import { FfmpegRun, type RtmpPrograms, type RunEvents } from './ffmpeg-run.js';
import { MediaFlow } from './media-flow.js';
import type { RtmpTarget } from './rtmp-target.js';
import type { CodecChoice, MediaKind } from './sdp.js';
import { StatusFeed } from './status-feed.js';
import { SteadySound } from './steady-sound.js';

/** Settings of the way out by RTMP; all have defaults. */
export interface RtmpOptions {
  /** Without them a stream that is to go on by RTMP is refused. */
  readonly programs?: RtmpPrograms | undefined;
  /** Hosts that a stream may be sent to besides this machine itself; `*` for all. */
  readonly hosts?: readonly string[];
  /** How it comes back; by default as a webcaster does. */
  readonly reconnect?: ReconnectConfig;
}

/** What a relay needs of its surroundings. */
export interface RelaySettings {
  readonly programs: RtmpPrograms;
  readonly reconnect?: ReconnectConfig | undefined;
  onKeyframeNeeded(): void;
}

/** What a relay uses of {@link FfmpegRun}. */
export type RtmpRun = Pick<FfmpegRun, 'ended' | 'liveFor' | 'send' | 'end'>;

/** What a relay does outside itself; tests hand in their own. */
export interface RelayWorld {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  random(): number;
  /** Resolves after milliseconds, or as soon as the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Why nothing listens there, or an empty string. */
  probe(target: RtmpTarget): Promise<string>;
  start(target: RtmpTarget, codecs: CodecChoice, programs: RtmpPrograms, events: RunEvents): Promise<RtmpRun>;
}

const PROBE_DEADLINE_MS = 2000;
/** After so long the attempts of before are forgotten. */
const STABLE_AFTER_MS = 10_000;
const LOOK_FOR_MEDIA_MS = 100;

const REAL_WORLD: RelayWorld = {
  now: () => performance.now(),
  random: Math.random,
  // An abort ends the wait early and is no failure.
  wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined),
  probe,
  start: (...settings) => FfmpegRun.start(...settings),
};

/** How a connection came to its end. */
interface RunEnd {
  readonly reason: string;
  readonly liveFor: number;
  /** It was ended to begin anew with more, and nothing has failed. */
  readonly isRenewed?: boolean;
}

/** Sends one publisher's stream on to an RTMP server, comes back by itself, and tells how it is. */
export class RtmpRelay {
  /** How it is, for the publisher. */
  readonly feed = new StatusFeed();
  readonly #target: RtmpTarget;
  readonly #codecs: CodecChoice;
  readonly #settings: RelaySettings;
  readonly #world: RelayWorld;
  readonly #life = new AbortController();
  readonly #flow: MediaFlow;
  readonly #sound: SteadySound;
  #run: { readonly it: RtmpRun; readonly codecs: CodecChoice; isRenewed: boolean } | undefined;
  #begun: Promise<void> | undefined;

  constructor(target: RtmpTarget, codecs: CodecChoice, settings: RelaySettings, world: RelayWorld = REAL_WORLD) {
    this.#target = target;
    this.#codecs = codecs;
    this.#settings = settings;
    this.#world = world;
    this.#flow = new MediaFlow(codecs);
    this.#sound = new SteadySound(codecs);
  }

  /** Sends a packet on; the first one begins it. */
  forward(kind: MediaKind, packet: RtpPacket): void {
    // Packets without a payload only measure the bandwidth.
    if (!this.#codecs[kind] || packet.payload.length === 0) return;
    const now = this.#world.now();
    for (const outgoing of this.#sound.take(kind, packet, now)) {
      this.#flow.note(outgoing.kind, now);
      this.#run?.it.send(outgoing.kind, outgoing.packet);
    }
    this.#begun ??= this.#stayLive();
    if (this.#run && !this.#run.codecs[kind]) this.#renew(this.#run, kind);
  }

  /** Cuts the connection to the RTMP server. */
  drop(): void {
    this.#run?.it.end('The connection to the RTMP server was cut.');
  }

  async close(): Promise<void> {
    this.#life.abort();
    this.feed.close();
    this.#run?.it.end('The session has ended.');
    await this.#begun;
  }

  /** Never rejects: nobody waits for it before the end. */
  async #stayLive(): Promise<void> {
    const { signal } = this.#life;
    const reconnect = this.#settings.reconnect ?? DEFAULT_RECONNECT;
    for (let attempts = 0; ;) {
      const { reason, liveFor, isRenewed } = await this.#once().catch(toRunEnd);
      if (signal.aborted) return;
      if (!isRenewed) attempts = liveFor >= STABLE_AFTER_MS ? 1 : attempts + 1;
      const seconds = isRenewed
        ? 0
        : waitBefore({ ...reconnect, attempt: attempts, cause: 'server' }, () => this.#world.random());
      if (seconds === null) return this.feed.report('failed', reason);
      this.feed.report('reconnecting', reason);
      await this.#world.wait(seconds * 1000, signal);
      if (signal.aborted) return;
    }
  }

  /** One connection, from its beginning to its end. */
  async #once(): Promise<RunEnd> {
    const codecs = await this.#untilMedia();
    const refusal = this.#life.signal.aborted ? '' : await this.#world.probe(this.#target);
    if (refusal || this.#life.signal.aborted) return { reason: refusal, liveFor: 0 };
    const { programs } = this.#settings;
    const it = await this.#world.start(this.#target, codecs, programs, {
      onLive: () => this.feed.report('broadcasting'),
      onKeyframeNeeded: () => this.#settings.onKeyframeNeeded(),
    });
    const run = { it, codecs, isRenewed: false };
    this.#run = run;
    if (this.#life.signal.aborted) it.end('The session has ended.');
    const reason = await it.ended;
    this.#run = undefined;
    return { reason, liveFor: it.liveFor, isRenewed: run.isRenewed };
  }

  /** What comes in, once something does: an RTMP server that is told of more waits for it. */
  async #untilMedia(): Promise<CodecChoice> {
    for (;;) {
      const kinds = this.#flow.coming(this.#world.now());
      if (kinds.length > 0 || this.#life.signal.aborted) {
        return Object.fromEntries(kinds.map((kind) => [kind, this.#codecs[kind]]));
      }
      await this.#world.wait(LOOK_FOR_MEDIA_MS, this.#life.signal);
    }
  }

  /** What has come late cannot join a connection that was begun without it. */
  #renew(run: { readonly it: RtmpRun; isRenewed: boolean }, kind: MediaKind): void {
    run.isRenewed = true;
    run.it.end(`The RTMP output begins anew, with ${kind === 'video' ? 'the picture' : 'the sound'} too.`);
  }
}

/** What could not even begin: no port or no process was to be had. */
function toRunEnd(error: unknown): RunEnd {
  const words = error instanceof Error ? error.message : String(error);
  return { reason: `The RTMP output could not begin: ${words}`, liveFor: 0 };
}

/** Why nothing listens there, or an empty string. It costs less than starting ffmpeg, which reads media before it dials. */
function probe({ hostname, port }: RtmpTarget): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port, timeout: PROBE_DEADLINE_MS });
    const end = (reason: string) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => end(''));
    socket.once('timeout', () => end('The RTMP server does not answer.'));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => end(`The RTMP server cannot be reached (${code}).`));
  });
}
