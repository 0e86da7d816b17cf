/**
 * Every error a `RtcUser` reports: its number, the family it belongs to and a stable word for it.
 * The numbers are those that pages written for nanoStream Webcaster v5 compare with.
 */
const ERRORS = {
  1000: ['GeneralError', 'general'],
  1001: ['GeneralError', 'wrong-type'],
  1002: ['GeneralError', 'wrong-value'],
  1003: ['GeneralError', 'unknown-value'],
  1004: ['GeneralError', 'missing-object'],
  1006: ['GeneralError', 'not-permitted'],
  4000: ['SessionError', 'sign-in-failed'],
  4001: ['SessionError', 'not-signed-in'],
  5001: ['BroadcastError', 'start-failed'],
  5002: ['BroadcastError', 'broadcast-failed'],
  5003: ['BroadcastError', 'stop-failed'],
  6001: ['WebRTCError', 'stream-without-tracks'],
  6004: ['WebRTCError', 'no-device'],
  6005: ['WebRTCError', 'capture-failed'],
  6006: ['WebRTCError', 'device-list-failed'],
  6008: ['WebRTCError', 'screen-capture-failed'],
  101001: ['ServerError', 'server-failed'],
  102001: ['AccessError', 'access-denied'],
  103001: ['AuthenticationError', 'wrong-credentials'],
  103003: ['AuthenticationError', 'token-refused'],
} as const;

export type ErrorCode = keyof typeof ERRORS;
export type ErrorName = (typeof ERRORS)[ErrorCode][0];
export type ErrorType = (typeof ERRORS)[ErrorCode][1];

/** What an error report tells about the broadcaster; nothing in it is a secret. */
export interface ErrorMetadata {
  isSignedIn?: boolean;
  /** The WHIP endpoint without its query. */
  server?: string;
  streamname?: string;
  hasAudio?: boolean;
  hasVideo?: boolean;
}

/** The one error class of the public API: promises reject with it, error events carry it. */
export class RtcUserError extends Error {
  /** v5's number for what went wrong, see `ERRORS`. */
  readonly code: ErrorCode;
  /** The family of the code, such as `BroadcastError`. */
  override readonly name: ErrorName;
  /** A stable word for the code, such as `start-failed`. */
  readonly type: ErrorType;
  userinfo: { metadata?: ErrorMetadata } = {};

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    [this.name, this.type] = ERRORS[code];
  }

  /** v5's older name of `message`. */
  get text(): string {
    return this.message;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What was thrown, as a `RtcUserError`: itself, or wrapped under `code`. */
export function asRtcUserError(thrown: unknown, code: ErrorCode): RtcUserError {
  return thrown instanceof RtcUserError ? thrown : new RtcUserError(code, messageOf(thrown), thrown);
}
