import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { RtpPacket } from 'werift';
import { waitBefore } from '../../src/core/broadcast/reconnect-policy.js';
import { DEFAULT_RECONNECT, type ReconnectConfig } from '../../src/core/config.js';
import { FfmpegRun, type RtmpPrograms } from './ffmpeg-run.js';
import type { RtmpTarget } from './rtmp-target.js';
import type { CodecChoice, MediaKind } from './sdp.js';
import { StatusFeed } from './status-feed.js';

/** Settings of the way out by RTMP; all have defaults. */
export interface RtmpOptions {
  /** Without them a stream that is to go on by RTMP is refused. */
  readonly programs?: RtmpPrograms | undefined;
  /** Hosts that a stream may be sent to besides this machine itself; `*` for all. */
  readonly hosts?: readonly string[];
  /** How it comes back; by default as a webcaster does. */
  readonly reconnect?: ReconnectConfig;
}

const PROBE_DEADLINE_MS = 2000;
/** After so long the attempts of before are forgotten. */
const STABLE_AFTER_MS = 10_000;

/** Sends one publisher's stream on to an RTMP server, comes back by itself, and tells how it is. */
export class RtmpRelay {
  /** How it is, for the publisher. */
  readonly feed = new StatusFeed();
  readonly #target: RtmpTarget;
  readonly #codecs: CodecChoice;
  readonly #programs: RtmpPrograms;
  readonly #reconnect: ReconnectConfig;
  readonly #onKeyframeNeeded: () => void;
  readonly #life = new AbortController();
  #run: FfmpegRun | undefined;
  #begun: Promise<void> | undefined;

  constructor(
    target: RtmpTarget,
    codecs: CodecChoice,
    programs: RtmpPrograms,
    reconnect: ReconnectConfig = DEFAULT_RECONNECT,
    onKeyframeNeeded: () => void = () => undefined,
  ) {
    this.#target = target;
    this.#codecs = codecs;
    this.#programs = programs;
    this.#reconnect = reconnect;
    this.#onKeyframeNeeded = onKeyframeNeeded;
  }

  /** Sends a packet on; the first one begins it. */
  forward(kind: MediaKind, packet: RtpPacket): void {
    this.#begun ??= this.#stayLive();
    this.#run?.send(kind, packet);
  }

  /** Cuts the connection to the RTMP server. */
  drop(): void {
    this.#run?.end('The connection to the RTMP server was cut.');
  }

  async close(): Promise<void> {
    this.#life.abort();
    this.feed.close();
    this.#run?.end('The session has ended.');
    await this.#begun;
  }

  async #stayLive(): Promise<void> {
    const { signal } = this.#life;
    for (let attempts = 0; ;) {
      const { reason, liveFor } = await this.#once();
      if (signal.aborted) return;
      attempts = liveFor >= STABLE_AFTER_MS ? 1 : attempts + 1;
      const seconds = waitBefore({ ...this.#reconnect, attempt: attempts, cause: 'server' }, Math.random);
      if (seconds === null) return this.feed.report('failed', reason);
      this.feed.report('reconnecting', reason);
      await delay(seconds * 1000, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }

  /** One connection, from its beginning to its end. */
  async #once(): Promise<{ reason: string; liveFor: number }> {
    const refusal = await probe(this.#target);
    if (refusal || this.#life.signal.aborted) return { reason: refusal, liveFor: 0 };
    const run = await FfmpegRun.start(this.#target, this.#codecs, this.#programs, {
      onLive: () => this.feed.report('broadcasting'),
      onKeyframeNeeded: this.#onKeyframeNeeded,
    });
    this.#run = run;
    if (this.#life.signal.aborted) run.end('The session has ended.');
    const reason = await run.ended;
    this.#run = undefined;
    return { reason, liveFor: run.liveFor };
  }
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
