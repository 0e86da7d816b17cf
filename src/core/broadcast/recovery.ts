import type { ReconnectConfig } from '../api/config.js';
import { messageOf, RtcUserError } from '../api/errors.js';
import type { LossCause, ReconnectInfo, RecoveryMethod } from '../api/events.js';
import { linkedController, wait, withDeadline } from '../platform/timing.js';
import { HTTP_DEADLINE, noAnswer } from '../whip/http.js';
import { isUnanswered, isUnreadable, WhipError } from '../whip/whip-error.js';
import type { World } from '../platform/world.js';
import { MAX_RETRY_AFTER, mirrored, waitBefore } from './back-off.js';
import type { Connection } from './connection.js';
import type { Loss } from './liveness.js';
import { OFFLINE_RETRY, untilDue, type OnlineHint, type Pause, type Waiting } from './network-watch.js';
import type { PathProbe } from './path-probe.js';
import { causeAfter, countFinal, endsRecovery, isFinal, type FinalFailures } from './reconnect-policy.js';

/** How often an ICE restart is tried, and milliseconds between the beginnings of two tries. */
const MAX_ICE_RESTARTS = 2;
const BETWEEN_ICE_RESTARTS = 1_000;
/** Milliseconds that the old path has to come back automatically where the network has come back. */
const BROWSER_RECOVERY = 300;
/** Milliseconds for which attempts may fail for want of an answer to a probe alone. */
const LONGEST_PROBING = 120_000;
/** Milliseconds after its last activity for which a server can be hoped to hold a session. */
const SESSION_LIFETIME = 25_000;

export interface Recovery {
  connection: Connection;
  loss: Loss;
  /** Successive attempts that were made for earlier losses. */
  attemptsBefore: number;
  /** Read before every wait: a page may change it at any time. */
  reconnect: () => ReconnectConfig | null;
  /** Ends the lost connection. */
  close: () => void;
  /** Opens a new one; dead connections may hold requests where the path is doubtful. */
  open: (isPathDoubtful: boolean) => Promise<Connection>;
  /** Begins to probe the path; null if the server does not answer probes. */
  probePath: (signal: AbortSignal) => PathProbe | null;
  /** An attempt is announced, with its wait. */
  onAttempt: (info: ReconnectInfo) => void;
  /** The delay of an attempt has passed. */
  onBegun: (attempt: number) => void;
  /** Whether the browser reports that it is offline, unless an answer has refuted it. */
  online: OnlineHint;
  /** Whether the wall clock can show that a token has expired. */
  isClockTrusted: () => boolean;
  world: World;
  signal: AbortSignal;
}

export interface Recovered {
  connection: Connection;
  /** What recovered it; `browser` if the path came back before anything was done. */
  method: RecoveryMethod | 'browser';
  /** Successive attempts so far. */
  attempts: number;
}

/**
 * Brings a lost broadcast back, method by method: an ICE restart in the same session, then new sessions until one holds or
 * the policy ends it.
 * @throws RtcUserError 5002 when it ends for good, 103003 if the token has expired; the reason of the signal
 */
export async function recover(recovery: Recovery): Promise<Recovered> {
  const { connection, loss, attemptsBefore, signal } = recovery;
  const ending = linkedController(signal);
  const path = isPathDoubtful(loss.cause) ? recovery.probePath(ending.signal) : null;
  const heard = new AbortController();
  void connection.liveness.nextFeedback().then(() => {
    // Firefox still receives reports for a moment on a path that it has given up.
    if (!connection.hasFailed) heard.abort();
  });
  const paths = { path, heard: heard.signal };
  let failure: WhipError | undefined;
  try {
    const method = await tryIceRestart(recovery, paths).catch((error: unknown) => {
      signal.throwIfAborted();
      failure = asWhipError(error);
    });
    const isGone = failure?.status === 404 || failure?.status === 410;
    const cause = isGone ? 'server' : (connection.liveness.closedLoss?.cause ?? loss.cause);
    const recovered: Recovered = method
      ? { connection, method, attempts: attemptsBefore }
      : await openNewSession({ ...recovery, loss: { ...loss, cause } }, paths, failure);
    if (recovered.method === 'browser') connection.forgetRefusal();
    return recovered;
  } finally {
    ending.abort();
  }
}

/** What shows that there is a path again. */
interface Paths {
  /** The path of HTTP; null if it is not in doubt or cannot be probed. */
  path: PathProbe | null;
  /** Aborted when the server acknowledges media of the lost connection again. */
  heard: AbortSignal;
}

/** Whether a session is replaced by another one though nothing was lost. */
export function isReplacement(cause: LossCause): boolean {
  return cause === 'tracks' || cause === 'encoder';
}

/** Whether dead connections may hold requests, as after a change of network. */
function isPathDoubtful(cause: LossCause): boolean {
  return cause === 'network' || cause === 'suspended';
}

/** What recovered the connection; null if it needs a new session. */
async function tryIceRestart(recovery: Recovery, { path, heard }: Paths): Promise<'browser' | 'ice-restart' | null> {
  const { connection, loss, attemptsBefore, reconnect, online, world, signal } = recovery;
  const { cause, lostAt } = loss;
  const isOver = AbortSignal.any([signal, connection.liveness.closed]);
  let from = lostAt + 1000 * (reconnect()?.minDelay ?? 0);
  const mayRestartIce = () => !isReplacement(cause) && connection.canRestartIce;
  for (let tries = 0; tries < MAX_ICE_RESTARTS && mayRestartIce(); tries++) {
    const { maxRetries = 0 } = reconnect() ?? {};
    if (maxRetries === 0) return null;
    const planned = Math.max(0, from - world.monotonicNow());
    const isSessionOver = () => world.monotonicNow() - lostAt > SESSION_LIFETIME;
    const tellOf = teller(recovery, { cause, method: 'ice-restart', attempt: attemptsBefore, maxRetries });
    const tell = (waiting: Waiting) => void (isSessionOver() || tellOf(waiting));
    try {
      const eitherWay = AbortSignal.any([isOver, heard]);
      // By then the session has ended on the server.
      const offline = SESSION_LIFETIME - (world.monotonicNow() - lostAt) + 1;
      const hasChanged = await untilDue({ planned, atLeast: planned, offline }, world, eitherWay, online, tell);
      if (hasChanged) await wait(BROWSER_RECOVERY, world, eitherWay);
      if (isSessionOver()) return null;
      const left = SESSION_LIFETIME - (world.monotonicNow() - lostAt);
      if (path) await untilPathUp(path, left, world, eitherWay);
      // The restart would revive the old path first and then replace it, without any feedback for seconds.
      if (path?.wasDown && connection.hasFailed) return null;
      from = world.monotonicNow() + BETWEEN_ICE_RESTARTS;
      await connection.restartIce(signal);
      return 'ice-restart';
    } catch (error) {
      isOver.throwIfAborted();
      if (heard.aborted) return 'browser';
      const failure = asWhipError(error);
      if (isUnanswered(failure)) path?.doubt();
      const isRefused = path !== null && !path.isUp && failure.kind === 'network';
      const mayPass = !isRefused && (failure.status === null || failure.status === 429 || failure.status >= 500);
      from = Math.max(from, world.monotonicNow() + 1000 * (failure.retryAfter ?? 0));
      if (!mayPass || tries + 1 === MAX_ICE_RESTARTS || from - lostAt > SESSION_LIFETIME) throw failure;
    }
  }
  return null;
}

async function openNewSession(
  recovery: Recovery,
  { path, heard }: Paths,
  iceRestartFailure?: WhipError,
): Promise<Recovered> {
  const { connection, loss, online, world, signal } = recovery;
  const { lostAt } = loss;
  // A server that refuses an ICE restart at once refuses it to everybody.
  let cause = iceRestartFailure ? causeAfter(loss.cause, iceRestartFailure, 0, !online.isOffline) : loss.cause;
  const random = mirrored(world.random);
  let finals: FinalFailures | null = null;
  let failure = iceRestartFailure;
  let since = lostAt;
  let lastBegunAt = lostAt;
  let lastPostAt = lostAt;
  let mayClose = true;
  const close = () => {
    if (mayClose) recovery.close();
    mayClose = false;
  };
  // While the path is down nothing can be deleted, and media of the old session may come through first when it is back.
  const gate = isPathDoubtful(loss.cause) ? path : null;
  if (gate) gate.untilUp().then(close, () => undefined);
  else close();
  // The first session with another kind of track is no attempt to bring anything back.
  const isFirst = (attempt: number) => isReplacement(cause) && attempt === recovery.attemptsBefore;
  for (let attempt = recovery.attemptsBefore + (isReplacement(cause) ? 0 : 1); ; attempt++) {
    const reconnect = recovery.reconnect();
    const retryAfter = failure?.retryAfter ?? null;
    // A lower bound of the server would press mirrored delays together.
    const draw = retryAfter === null ? random : world.random;
    const seconds =
      reconnect && (isFirst(attempt) ? 0 : waitBefore({ ...reconnect, attempt, cause, retryAfter }, draw));
    if (reconnect === null || seconds === null) throw givenUp(loss, attempt - 1, failure);
    const { minDelay, maxRetries } = reconnect;
    const now = world.monotonicNow();
    const pause = {
      ...pauseOf(seconds, minDelay, retryAfter, now - since),
      offline: OFFLINE_RETRY - (now - lastBegunAt),
    };
    const tell = teller(recovery, { cause, method: 'new-session', attempt, maxRetries });
    let watch = watchForOffline(online, world, signal);
    let begun = world.monotonicNow();
    try {
      const eitherWay = AbortSignal.any([signal, ...(mayClose ? [heard] : [])]);
      await untilDue(pause, world, eitherWay, online, tell, gate?.isUp ? undefined : gate?.untilBack());
      watch.end();
      watch = watchForOffline(online, world, signal);
      begun = world.monotonicNow();
      recovery.onBegun(attempt);
      if (gate) {
        const isProbeEnough = attempt < maxRetries && begun - lastPostAt < LONGEST_PROBING;
        await untilPathUp(gate, HTTP_DEADLINE.POST, world, eitherWay).catch((error: unknown) => {
          // Probes may fail where publishing would not, so they only delay it. Waiting requests would fill the browser's connections.
          if (eitherWay.aborted || (isProbeEnough && !isUnreadable(error))) throw error;
        });
        lastPostAt = world.monotonicNow();
      }
      close();
      const opened = await recovery.open(isPathDoubtful(cause));
      return { connection: opened, method: 'new-session', attempts: attempt };
    } catch (error) {
      signal.throwIfAborted();
      if (mayClose && heard.aborted) {
        mayClose = false;
        // This one was not needed any more.
        return { connection, method: 'browser', attempts: attempt - 1 };
      }
      failure = asWhipError(error);
      since = world.monotonicNow();
      lastBegunAt = begun;
      if (isUnanswered(failure)) gate?.doubt();
      // Media may have failed because the network went away after the answer.
      const isAnswered = !isUnanswered(failure) && !(failure.kind === 'transport' && watch.hasChanged);
      if (isAnswered) online.refute();
      finals = countFinal(finals, isFinal(failure, { sinceLastActivity: (since - lostAt) / 1000 }), since / 1000);
      const isTokenExpired = failure.isTokenExpired && recovery.isClockTrusted();
      if (endsRecovery(finals, { isTokenExpired }, since / 1000)) throw givenUp(loss, attempt, failure);
      cause = causeAfter(cause, failure, (since - begun) / 1000, !watch.wentOffline || isAnswered);
      if (watch.wentOffline) attempt--;
    } finally {
      watch.end();
    }
  }
}

/** @throws WhipError `timeout` if the path is not up within so many milliseconds, `network` if the server refuses */
function untilPathUp(path: PathProbe, milliseconds: number, world: World, signal: AbortSignal): Promise<void> {
  return withDeadline(
    () => path.untilUp(),
    milliseconds,
    () => noAnswer('POST'),
    world,
    signal,
  );
}

/**
 * The time since the loss counts towards `minDelay` alone: what chance adds keeps many clients spread, and what the server asks
 * for counts from its answer.
 */
function pauseOf(
  seconds: number,
  minDelay: number,
  retryAfter: number | null,
  elapsed: number,
): Omit<Pause, 'offline'> {
  const counted = Math.max(0, Math.min(elapsed, minDelay * 1000));
  const asked = 1000 * Math.min(retryAfter ?? 0, MAX_RETRY_AFTER);
  const left = (time: number) => Math.max(time * 1000 - counted, asked);
  return { planned: left(seconds), atLeast: left(minDelay) };
}

/** Sees whether the browser is or goes offline, or the network changes: an attempt that fails then proves nothing. */
function watchForOffline(online: OnlineHint, world: World, signal: AbortSignal) {
  const ending = linkedController(signal);
  const watch = { wentOffline: online.isOffline, hasChanged: false, end: ending.abort };
  const look = () => {
    watch.hasChanged = true;
    watch.wentOffline ||= !world.isOnLine();
  };
  world.onNetworkChange(look, ending.signal);
  return watch;
}

type Attempt = Pick<ReconnectInfo, 'cause' | 'method' | 'attempt' | 'maxRetries'>;

/** Reports an attempt with what it waits for. */
function teller({ onAttempt, loss }: Recovery, attempt: Attempt): (waiting: Waiting) => void {
  return ({ waitingFor, delay }) =>
    onAttempt({ ...attempt, delay: delay === null ? null : delay / 1000, waitingFor, lostAt: loss.lostAtDate });
}

function asWhipError(thrown: unknown): WhipError {
  return thrown instanceof WhipError ? thrown : new WhipError('transport', messageOf(thrown), { cause: thrown });
}

function givenUp({ reason }: Loss, attempts: number, failure: WhipError | undefined): RtcUserError {
  const end =
    attempts === 0 ? 'Reconnection is off.' : `Given up after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}.`;
  const code = failure?.isTokenExpired ? 103003 : 5002;
  return new RtcUserError(code, [reason, failure?.message, end].filter(Boolean).join(' '), failure);
}
