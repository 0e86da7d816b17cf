import type { Config } from '../api/config.js';
import { asRtcUserError, RtcUserError, StoppedError } from '../api/errors.js';
import type { VideoCodec } from '../api/encoding-config.js';
import type { BroadcastMessage, ReconnectInfo } from '../api/events.js';
import { keepOutage, type Outage } from '../stats/report.js';
import { TimelineRecorder } from '../stats/timeline.js';
import type { MediaKind } from '../media/devices.js';
import { Signal } from '../platform/signal.js';
import { linkedController, untilAborted, wait, withDeadline } from '../platform/timing.js';
import { endStaleSession } from '../whip/stale-session.js';
import { isPassing, isUnanswered, mayAllowOneSession, refusesMedia, refusesOffer } from '../whip/whip-error.js';
import { Connection, type ConnectionRequest } from './connection.js';
import type { Loss } from './liveness.js';
import { OnlineHint } from './network-watch.js';
import { PathProbe } from './path-probe.js';
import { isReplacement, recover, type Recovered } from './recovery.js';
import type { StatusChannel } from './status-channel.js';

/** Milliseconds after which a server has given up a session that was left: 400 and 403 are about the new one from then on. */
const OLD_SESSION_HELD = 30_000;
/** Milliseconds of acknowledged media after which earlier attempts are forgotten. */
const STABLE_AFTER = 10_000;
/** Milliseconds that a server which reports on its RTMP output has to report that it runs. */
const OUTPUT_REPORT_DEADLINE = 5_000;
/** How often a session is tried beside one that lives, if the server may only be busy. */
const BESIDE_TRIES = 3;
/** Milliseconds that a new session has after the server has ended the one beside it: some servers put it in its place. */
const REPLACED_WITHIN = 3_000;
/** Milliseconds by which the wall clock may drift from the monotonic one before it was set, or stood still in sleep. */
const CLOCK_STEP = 60_000;
/** Milliseconds that `stop` waits for the server to end its sessions. */
const STOP_DEADLINE = 2_500;

export interface BroadcastRequest extends Omit<
  ConnectionRequest,
  'bitrates' | 'isPathDoubtful' | 'leftOut' | 'mayRestart' | 'recorder' | 'onConnected' | 'onCleanup'
> {
  /** The configuration in force. */
  config: () => Config;
  onStatus: (message: BroadcastMessage, reconnect?: ReconnectInfo) => void;
  /** The session goes on without this track. */
  onUnsent: (track: MediaStreamTrack, message: string) => void;
  /** The broadcast has started; comes once, between `connected` and `broadcasting`. */
  onStarted: () => void;
  /** The broadcast, once started, failed for good; nothing comes after it. */
  onFailed: (error: RtcUserError) => void;
}

/** One broadcast from its start to its stop, across all its connections. */
export class Broadcast {
  readonly #request: BroadcastRequest;
  readonly #ending = new AbortController();
  readonly #cleanups = new Set<Promise<void>>();
  readonly #outages: Outage[] = [];
  readonly #tracksTaken = new Signal<void>();
  readonly #timeline: TimelineRecorder;
  readonly #online: OnlineHint;
  readonly #wallStart: number;
  #connection: Connection | undefined;
  /** The session that goes on while another is made beside it. */
  #replaced: Connection | undefined;
  /** The track for which no other session was accepted, and whether sessions go without it from then on. */
  #refused: { track: MediaStreamTrack; isLeftOut: boolean } | undefined;
  /** Why the session is to be replaced though nothing was lost, and the codec of later sessions. */
  #renewal: { reason: string | null; videoCodec: VideoCodec | undefined } | undefined;

  constructor(request: BroadcastRequest) {
    this.#request = request;
    this.#timeline = new TimelineRecorder(request.world.wallNow);
    this.#wallStart = this.#wallOffset;
    this.#online = new OnlineHint(request.world, this.#ending.signal);
  }

  /**
   * Resolves when the server acknowledges media; from then on the broadcast keeps itself live.
   * @throws WhipError, or the reason of the stop
   */
  async start(): Promise<void> {
    this.#report('signalling');
    const connection = await this.#openFirst();
    this.#online.refute();
    this.#ending.signal.throwIfAborted();
    this.#request.onStarted();
    void this.#stayLive(connection);
  }

  /** Ends the broadcast in any phase. Never rejects; resolves when the server has ended its sessions or was given time to. */
  async stop(): Promise<void> {
    const reason = new StoppedError();
    this.#ending.abort(reason);
    this.#closeConnection();
    const cleanedUp = async () => {
      while (this.#cleanups.size > 0) await Promise.allSettled(this.#cleanups);
    };
    // What is not done by then goes on automatically: a page that stops has waited long enough.
    await withDeadline(cleanedUp, STOP_DEADLINE, () => reason, this.#request.world).catch(() => undefined);
  }

  /** The last losses so far, in their order. */
  get outages(): readonly Outage[] {
    return this.#outages;
  }

  /** Sends the tracks that the stream has now. */
  async takeTracks(): Promise<void> {
    await Promise.all(this.#connections.map(({ sending }) => sending.takeTracks()));
    this.#tracksTaken.emit();
  }

  /** Holds what is being sent to the bitrates in force. */
  async setBitrates(): Promise<void> {
    await Promise.all(this.#connections.map(({ sending }) => sending.setBitrates()));
  }

  /** Restarts an encoder of the live connection. */
  async kickEncoder(kind: MediaKind): Promise<void> {
    await (this.#replaced ?? this.#connection)?.sending.kickEncoder(kind);
  }

  /**
   * Replaces the session by a new one, which prefers this video codec, or the one of before. Has no effect while
   * reconnection is off.
   */
  renew(reason: string, videoCodec = this.#renewal?.videoCodec): void {
    this.#renewal = { reason, videoCodec };
    this.#tracksTaken.emit();
  }

  async #stayLive(first: Connection): Promise<void> {
    const { signal } = this.#ending;
    const { config, world } = this.#request;
    let connection = first;
    let attempts = 0;
    try {
      for (;;) {
        const liveSince = world.monotonicNow();
        let loss = await this.#beLive(connection);
        this.#request.log.warn('The connection was lost:', loss.reason);
        const attemptsUntil = ({ lostAt }: Loss) => (lostAt - liveSince >= STABLE_AFTER ? 0 : attempts);
        let attemptsBefore = attemptsUntil(loss);
        const outage: Outage = {
          ...outageOf(loss),
          recoveredBy: null,
          attempts: 0,
          seconds: null,
          timeline: this.#timeline.begin(),
        };
        keepOutage(this.#outages, outage);
        const beside = isReplacement(loss.cause) ? await this.#openBeside(connection, loss, attemptsBefore) : null;
        // What was to be added is added once that is recovered.
        if (beside && !(beside instanceof Connection)) {
          loss = beside;
          attemptsBefore = attemptsUntil(loss);
          Object.assign(outage, outageOf(loss));
        }
        const noteFailure = this.#followRefusals(connection, loss);
        const recovered: Recovered =
          beside instanceof Connection
            ? {
                connection: beside,
                method: beside === connection ? 'browser' : 'new-session',
                attempts: attemptsBefore,
              }
            : await recover({
                connection,
                loss,
                attemptsBefore,
                reconnect: () => config().reconnect,
                close: () => this.#closeConnection(),
                open: (isPathDoubtful) =>
                  this.#open(isPathDoubtful).catch((error: unknown) => {
                    noteFailure(error, attemptsBefore + outage.attempts);
                    throw error;
                  }),
                online: this.#online,
                isClockTrusted: () => this.#isClockTrusted,
                probePath: (end) => this.#probePath(end),
                onBegun: (attempt) => (outage.attempts = attempt - attemptsBefore),
                onAttempt: (info) => {
                  outage.cause = info.cause;
                  this.#timeline.note('reported');
                  this.#report('reconnecting_broadcast', info);
                },
                world,
                signal,
              });
        // Nothing was lost.
        if (beside === connection) this.#outages.splice(this.#outages.indexOf(outage), 1);
        ({ connection, attempts } = recovered);
        this.#online.refute();
        outage.recoveredBy = recovered.method;
        outage.attempts = attempts - attemptsBefore;
        outage.seconds = (world.monotonicNow() - loss.lostAt) / 1000;
        this.#timeline.note('acknowledged');
        this.#timeline.end();
        if (recovered.method === 'new-session') continue;
        connection.statusChannel?.reopen();
        this.#report('connected');
      }
    } catch (error) {
      if (signal.aborted) return;
      const failure = asRtcUserError(error, 5002);
      this.#ending.abort(failure);
      this.#closeConnection();
      this.#request.onFailed(failure);
    }
  }

  /** Reports to the page how it is until the connection is lost. */
  async #beLive(connection: Connection): Promise<Loss> {
    const { statusChannel } = connection;
    if (!statusChannel) this.#report('broadcasting');
    const held = linkedController(this.#ending.signal);
    const { signal } = held;
    try {
      return await Promise.race([
        this.#nextLoss(connection, signal),
        this.#nextLack(connection, signal),
        ...(statusChannel ? [this.#followOutput(statusChannel, signal)] : []),
      ]);
    } finally {
      // From here on reports are held back: the loss is the client's own.
      held.abort();
    }
  }

  /**
   * Passes on what the server reports of its RTMP output. If it reports nothing for a while, or nothing any more, the
   * acknowledged media has to do.
   * @throws RtcUserError 109000 where the server has given it up
   */
  async #followOutput(statusChannel: StatusChannel, signal: AbortSignal): Promise<never> {
    const { world, log } = this.#request;
    if (!statusChannel.latest && statusChannel.isOpen) {
      const silence = () => new Error();
      // A channel that is silent for that long reports nothing; an abort shows in the loop.
      await withDeadline(() => statusChannel.nextChange(), OUTPUT_REPORT_DEADLINE, silence, world, signal).catch(
        () => undefined,
      );
    }
    for (let told = ''; ;) {
      signal.throwIfAborted();
      const { message, reason } = statusChannel.latest ?? { message: 'broadcasting', reason: '' };
      if (message === 'failed') {
        throw new RtcUserError(109000, `The server has given up its RTMP output${reason && `: ${reason}`}.`);
      }
      if (message !== told) {
        if (reason) log.warn(`The RTMP output is ${message}:`, reason);
        this.#report((told = message));
      }
      await untilAborted(statusChannel.nextChange(), signal);
    }
  }

  /** The wall clock at the origin of the monotonic one. */
  get #wallOffset(): number {
    const { wallNow, monotonicNow } = this.#request.world;
    return wallNow() - monotonicNow();
  }

  get #isClockTrusted(): boolean {
    const isSteady = Math.abs(this.#wallOffset - this.#wallStart) < CLOCK_STEP;
    return isSteady && !this.#request.capabilities.takesExpiredTokens;
  }

  get #isReconnectionOn(): boolean {
    return Boolean(this.#request.config().reconnect?.maxRetries);
  }

  /** Where reconnection is off, the browser's own recovery is waited for. */
  async #nextLoss(connection: Connection, signal: AbortSignal): Promise<Loss> {
    for (;;) {
      const loss = await untilAborted(connection.liveness.nextLoss(), signal);
      if (loss.isFinal || this.#isReconnectionOn) return loss;
    }
  }

  /** WHIP negotiates once (RFC 9725 section 4.2): a kind of track that comes later needs a new session. */
  async #nextLack(connection: Connection, signal: AbortSignal): Promise<Loss> {
    for (let told: MediaStreamTrack | undefined; ;) {
      const { lackedTrack } = connection.sending;
      const lack = lackedTrack && `The session was begun without ${lackedTrack.kind}.`;
      const reason = this.#renewal?.reason ?? (lackedTrack !== this.#refused?.track && lack);
      if (reason && this.#isReconnectionOn) {
        const { monotonicNow, wallNow } = this.#request.world;
        const cause = this.#renewal?.reason ? 'encoder' : 'tracks';
        return { cause, reason, lostAt: monotonicNow(), lostAtDate: wallNow(), isFinal: true };
      }
      if (reason) this.#request.log.warn(reason, 'Reconnection is off.');
      if (lack && lackedTrack !== told) this.#request.onUnsent(lackedTrack, lack);
      told = lackedTrack;
      await untilAborted(this.#tracksTaken.next(), signal);
    }
  }

  /** Once more with candidates in the offer, if the server needs them but does not take them afterwards. */
  async #openFirst(): Promise<Connection> {
    const { capabilities } = this.#request;
    const tookCandidates = capabilities.takesCandidates;
    await endStaleSession({ ...this.#request, recorder: this.#timeline }, this.#ending.signal);
    this.#ending.signal.throwIfAborted();
    try {
      return await this.#open();
    } catch (error) {
      if (capabilities.takesCandidates || !tookCandidates) throw error;
      return this.#open();
    }
  }

  async #open(isPathDoubtful = false, signal = this.#ending.signal): Promise<Connection> {
    signal.throwIfAborted();
    const { encoding } = this.#request;
    const videoCodec = this.#renewal?.videoCodec;
    if (this.#renewal) this.#renewal.reason = null;
    const connection = new Connection({
      ...this.#request,
      encoding: () => ({ ...encoding(), ...(videoCodec && { videoCodec }) }),
      isPathDoubtful,
      mayRestart: () => this.#isReconnectionOn,
      bitrates: () => this.#request.config().bitrates,
      recorder: this.#timeline,
      leftOut: () => (this.#refused?.isLeftOut ? this.#refused.track : undefined),
      onConnected: () => this.#report('connected'),
      onCleanup: (done) => this.#awaitCleanup(done),
    });
    this.#connection = connection;
    const opening = connection.open(signal);
    this.#awaitCleanup(
      opening.catch(() => {
        // What was not opened can take no tracks either.
        if (this.#connection === connection) this.#connection = undefined;
      }),
    );
    await opening;
    return connection;
  }

  #probePath(signal: AbortSignal): PathProbe | null {
    if (!this.#request.capabilities.answersProbes) return null;
    return new PathProbe({ ...this.#request, online: this.#online, recorder: this.#timeline, signal });
  }

  /**
   * Makes the session that sends a new kind of track before the old one is ended, so that nothing of the show is lost. Does not
   * count as an attempt.
   * @returns the old one if none was accepted; null if the server may allow only one session; a loss of the old one
   */
  async #openBeside(old: Connection, { cause, lostAtDate }: Loss, attempt: number): Promise<Connection | Loss | null> {
    const { config, log, world } = this.#request;
    const { maxRetries = 0 } = config().reconnect ?? {};
    const method = 'new-session';
    const info = { cause, method, attempt, maxRetries, waitingFor: null, lostAt: lostAtDate } as const;
    const giving = linkedController(this.#ending.signal);
    const { signal } = giving;
    let loss: Loss | undefined;
    let isOpening = true;
    const watchOld = async () => {
      loss = await this.#nextLoss(old, signal);
      const isReplaced = loss.cause === 'server' || (!loss.isFinal && this.#connection?.hasSession);
      if (isOpening && isReplaced) await wait(REPLACED_WITHIN, world, signal);
      giving.abort();
    };
    // It ends with the attempt, which then asks for no loss any more.
    watchOld().catch(() => undefined);
    this.#report('reconnecting_broadcast', { ...info, delay: 0 });
    this.#replaced = old;
    try {
      for (let tries = 1; ; tries++) {
        try {
          isOpening = true;
          const connection = await this.#open(false, signal);
          if (signal.aborted) this.#awaitCleanup(connection.close());
          signal.throwIfAborted();
          this.#awaitCleanup(old.close());
          return connection;
        } catch (error) {
          this.#ending.signal.throwIfAborted();
          isOpening = false;
          this.#connection = old;
          if (loss) return loss;
          log.debug('No second session was accepted:', error);
          if (!isUnanswered(error)) this.#online.refute();
          const { maxDelay: delay = 0 } = (this.#isReconnectionOn && config().reconnect) || {};
          if (!delay || tries === BESIDE_TRIES || !isPassing(error)) {
            if (delay && mayAllowOneSession(error)) return null;
            log.warn('The session goes on as it is:', error);
            const track = old.sending.lackedTrack;
            this.#refused = track && { track, isLeftOut: refusesMedia(error) && !old.sending.sends(track.kind) };
            return old;
          }
          this.#report('reconnecting_broadcast', { ...info, delay });
          // What ends it early shows right after it.
          await wait(1000 * delay, world, signal).catch(() => undefined);
          this.#ending.signal.throwIfAborted();
          if (loss) return loss;
        }
      }
    } finally {
      giving.abort();
      this.#replaced = undefined;
    }
  }

  /**
   * Leaves a kind of track that the session before did not send out of later offers, once the refusals are about it and not
   * about the old session, which the server may hold for some time.
   */
  #followRefusals(before: Connection, { lostAt }: Loss): (failure: unknown, attempt: number) => void {
    const { stream, config, world } = this.#request;
    const sent = ['audio', 'video'].filter((kind) => before.sending.sends(kind));
    let refusals = 0;
    return (failure, attempt) => {
      if (!refusesOffer(failure)) return;
      const isLast = attempt + 1 >= (config().reconnect?.maxRetries ?? 0);
      const isOldOver = ++refusals > 1 && (isLast || world.monotonicNow() - lostAt >= OLD_SESSION_HELD);
      const added = stream()
        .getTracks()
        .find(({ kind, readyState }) => readyState === 'live' && !sent.includes(kind));
      if (added && (isOldOver || refusesMedia(failure))) this.#refused = { track: added, isLeftOut: true };
    };
  }

  /** What is live, or is to be: two while one is made beside the other. */
  get #connections(): Connection[] {
    return [...new Set([this.#connection, this.#replaced])].filter((one) => one !== undefined);
  }

  /** The one writer of the status: nothing is reported once the broadcast has ended. */
  #report(message: BroadcastMessage, reconnect?: ReconnectInfo): void {
    if (!this.#ending.signal.aborted) this.#request.onStatus(message, reconnect);
  }

  #closeConnection(): void {
    for (const connection of this.#connections) this.#awaitCleanup(connection.close());
    this.#connection = this.#replaced = undefined;
  }

  #awaitCleanup(done: Promise<void>): void {
    this.#cleanups.add(done);
    void done.finally(() => this.#cleanups.delete(done));
  }
}

function outageOf({ cause, reason, lostAtDate }: Loss): Pick<Outage, 'cause' | 'reason' | 'lostAt'> {
  return { cause, reason, lostAt: lostAtDate };
}
