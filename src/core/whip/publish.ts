import { withDeadline } from '../platform/timing.js';
import { isExpired } from './jwt.js';
import { statusError } from './http-errors.js';
import { HEDGE_AFTER, HTTP_DEADLINE, noAnswer, send, sendOnward, type WhipAnswer } from './http.js';
import { isUnanswered, WhipError } from './whip-error.js';
import { askForToken, WhipSession, type ServerCapabilities, type SessionSource } from './whip-session.js';

const SDP = 'application/sdp';

/** Milliseconds after which even an answer that nobody waits for any more is not waited for. */
const LATE_ANSWER_DEADLINE = 60_000;

/** Milliseconds that a slow server has for the first of two requests at most: both have to fit into the deadline. */
const LONGEST_HEDGE = 5_000;

/** Milliseconds for which the second of two requests is waited for at least, if the first was answered. */
const BETWEEN_ANSWERS = 500;

/** What publishing needs. */
export interface SessionRequest extends SessionSource {
  /** The session description to publish. */
  offer: string;
  signal: AbortSignal;
  /** Whether dead connections may hold requests, as after a change of network. */
  isPathDoubtful: boolean;
  /** Told of work that goes on after the request has failed: an answer that is still to come, and its session's end. */
  onCleanup: (done: Promise<void>) => void;
}

/**
 * Publishes an offer by `POST`, with a fresh token once more after a 401 or if the token had expired. The request itself is never cut off, since
 * its answer would leave a session behind: one that comes after the deadline or the abort gets its session deleted.
 * @throws WhipError, or the reason of the signal
 */
export async function createSession(request: SessionRequest): Promise<WhipSession> {
  const token = await askForToken(request, false, request.signal);
  try {
    return await publishWith(token, request);
  } catch (error) {
    if (!(error instanceof WhipError) || !(error.status === 401 || error.isTokenExpired)) throw error;
    const fresh = await askForToken(request, true, request.signal);
    if (fresh === token) throw error;
    return publishWith(fresh, request);
  }
}

async function publishWith(token: string | null, request: SessionRequest): Promise<WhipSession> {
  const { world, signal, onCleanup } = request;
  const publishings: Promise<WhipSession>[] = [];
  const answerTimes = new Map<WhipSession, number>();
  const discardAllBut = (wanted?: WhipSession) => {
    for (const publishing of publishings) {
      // A request that fails has left nothing behind.
      const discarded = publishing.then((session) => (session === wanted ? undefined : session.end()));
      onCleanup(discarded.catch(() => undefined));
    }
  };
  try {
    const publishOnce = (wanted: AbortSignal) => {
      const begun = world.monotonicNow();
      const publishing = publish(request, token, wanted).then((session) => {
        answerTimes.set(session, world.monotonicNow() - begun);
        return session;
      });
      publishings.push(publishing);
      return publishing;
    };
    await request.cleanup.endAll(request.endpoint, signal);
    const session = await withDeadline(
      async (wanted) => {
        if (!request.isPathDoubtful) return publishOnce(wanted);
        return hedge(() => publishOnce(wanted), request, wanted);
      },
      HTTP_DEADLINE.POST,
      () => noAnswer('POST'),
      world,
      signal,
    );
    session.claim();
    request.capabilities.takesExpiredTokens = isExpired(token, world.wallNow());
    learnAnswerTime(request.capabilities, answerTimes.get(session) ?? 0);
    if (publishings.length > 1) discardAllBut(session);
    return session;
  } catch (error) {
    discardAllBut();
    throw error;
  }
}

/** Takes in how long the answer took that was used; what earlier ones took counts half as much with each. */
function learnAnswerTime(capabilities: ServerCapabilities, milliseconds: number): void {
  capabilities.answerTime = Math.max(milliseconds, capabilities.answerTime / 2);
}

/** The success of a request that is made once more where no answer to it comes. */
async function hedge<T>(begin: () => Promise<T>, request: SessionRequest, signal: AbortSignal): Promise<T> {
  const { capabilities, world } = request;
  const begun = world.monotonicNow();
  const first = begin();
  const late = () => new WhipError('timeout', 'No answer came.');
  try {
    const patience = Math.min(Math.max(HEDGE_AFTER, 2 * capabilities.answerTime), LONGEST_HEDGE);
    return await withDeadline(() => first, patience, late, world, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isUnanswered(error)) throw error;
  }
  const second = begin();
  const answered = await Promise.any([first, second]).catch(({ errors }: AggregateError) => {
    throw errors.find(({ status }: WhipError) => status) ?? errors[0];
  });
  // A slow server answers both, and the later session may have replaced the earlier one.
  const elapsed = world.monotonicNow() - begun;
  const patience = Math.min(Math.max(elapsed, BETWEEN_ANSWERS), HTTP_DEADLINE.POST - BETWEEN_ANSWERS - elapsed);
  if (patience <= 0) return answered;
  return withDeadline(() => second, patience, late, world, signal).catch(() => answered);
}

async function publish(request: SessionRequest, token: string | null, wanted: AbortSignal): Promise<WhipSession> {
  const { world, secrets } = request;
  const answer = await post(request, token, wanted);
  if (!isCreated(answer)) {
    throw answer.ok
      ? new WhipError(
          'protocol',
          `The endpoint answered POST with ${answer.status} but no session: is it a WHIP endpoint?`,
          answer,
        )
      : statusError('POST', answer, token, world.wallNow(), secrets);
  }
  const session = new WhipSession(answer, token, request);
  if (!isSessionDescription(answer)) {
    await session.end();
    throw new WhipError('protocol', 'The server answered POST with 201 but no SDP.', answer);
  }
  return session;
}

/** One `POST`, and further ones behind redirects that took something away from it, as long as its session is wanted. */
async function post(request: SessionRequest, token: string | null, wanted: AbortSignal): Promise<WhipAnswer> {
  const { world, endpoint, offer } = request;
  const late = new AbortController();
  const timer = world.setTimeout(() => late.abort(), LATE_ANSWER_DEADLINE);
  const sendTo = (url: string) => {
    wanted.throwIfAborted();
    return send({ method: 'POST', url, token, contentType: SDP, body: offer, signal: late.signal }, request);
  };
  try {
    return await sendOnward(sendTo, endpoint, isCreated);
  } finally {
    world.clearTimeout(timer);
  }
}

/** Some servers answer with another success than 201. */
function isCreated(answer: WhipAnswer): boolean {
  return answer.status === 201 || (answer.ok && isSessionDescription(answer));
}

function isSessionDescription({ body }: WhipAnswer): boolean {
  return /^\s*v=0\s/.test(body);
}
