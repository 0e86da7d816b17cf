/**
 * - `network`: no readable answer came; the server, the network or CORS is the reason
 * - `timeout`: no answer came in time, or the connection did not come up in time
 * - `status`: the server answered with an error
 * - `protocol`: the server's answer is not what WHIP asks for
 * - `rejected`: the server took the session but not every track
 * - `transport`: the session was set up, but its connection failed
 */
export type WhipErrorKind = 'network' | 'timeout' | 'status' | 'protocol' | 'rejected' | 'transport';

/** Why a WHIP request, or the session it was to make, failed. The message is fit for a page's author. */
export class WhipError extends Error {
  override readonly name = 'WhipError';
  readonly kind: WhipErrorKind;
  /** The HTTP status, if there was an answer. */
  readonly status: number | null;
  /** Seconds that the server wants to be left alone, from `Retry-After`. */
  readonly retryAfter: number | null;
  /** Whether the server refused a token that has expired by its own `exp`. */
  readonly isTokenExpired: boolean;

  constructor(
    kind: WhipErrorKind,
    message: string,
    details: { status?: number; retryAfter?: number | null; isTokenExpired?: boolean; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.status = details.status ?? null;
    this.retryAfter = details.retryAfter ?? null;
    this.isTokenExpired = details.isTokenExpired ?? false;
  }
}

/** Whether a request failed for want of an answer, so that another one may get through. */
export function isUnanswered(thrown: unknown): boolean {
  return thrown instanceof WhipError && (thrown.kind === 'network' || thrown.kind === 'timeout');
}

/** Whether no answer came that a page may read: there was none, or it lacks its CORS headers. */
export function isUnreadable(thrown: unknown): boolean {
  return thrown instanceof WhipError && thrown.kind === 'network';
}

/** Whether a request failed for a reason that passes: no answer came, or the server is busy or broken at the moment. */
export function isPassing(thrown: unknown): boolean {
  if (isUnanswered(thrown)) return true;
  const status = (thrown instanceof WhipError && thrown.status) || 0;
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** How servers answer that allow one session at a time. */
const ONE_SESSION_STATUS = [400, 403, 409, 500];

/** Whether a refusal beside a live session may mean that it has to end first. Others prove nothing that is worth ending it. */
export function mayAllowOneSession(thrown: unknown): boolean {
  return thrown instanceof WhipError && thrown.kind === 'status' && ONE_SESSION_STATUS.includes(thrown.status ?? 0);
}

/** Whether the server refuses what was sent, as it may refuse one kind of media. */
export function refusesOffer(thrown: unknown): boolean {
  return thrown instanceof WhipError && (thrown.status === 400 || thrown.status === 403 || refusesMedia(thrown));
}

/** Whether a failure is about the offered media: the same offer would fail again. */
export function refusesMedia(thrown: unknown): boolean {
  return thrown instanceof WhipError && (thrown.kind === 'rejected' || thrown.status === 415 || thrown.status === 422);
}
