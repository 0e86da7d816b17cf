/** Every error a `RtcUser` reports, by v5's number: a stable word for it. */
export const ERROR_TYPES = {
  1000: 'general',
  1001: 'wrong-type',
  1002: 'wrong-value',
  1003: 'unknown-value',
  1004: 'missing-object',
  1006: 'not-permitted',
  4000: 'sign-in-failed',
  4001: 'not-signed-in',
  5001: 'start-failed',
  5002: 'broadcast-failed',
  5003: 'stop-failed',
  6001: 'stream-without-tracks',
  6004: 'no-device',
  6005: 'capture-failed',
  6006: 'device-list-failed',
  6008: 'screen-capture-failed',
  101001: 'server-failed',
  102001: 'access-denied',
  103001: 'wrong-credentials',
  103003: 'token-refused',
  103004: 'stream-unknown',
  109000: 'rtmp-failed',
} as const;

/** The families of errors, by the thousands of their codes. */
const ERROR_NAMES = {
  1: 'GeneralError',
  4: 'SessionError',
  5: 'BroadcastError',
  6: 'WebRTCError',
  101: 'GeneralError',
  102: 'AccessError',
  103: 'AuthenticationError',
  109: 'RTMPError',
} as const;

/** The number of an error, as in v5. */
export type ErrorCode = keyof typeof ERROR_TYPES;
/** The stable name of an error code, such as `start-failed`. */
export type ErrorType = (typeof ERROR_TYPES)[ErrorCode];
/** The family of an error code, such as `BroadcastError`. */
export type ErrorName = (typeof ERROR_NAMES)[keyof typeof ERROR_NAMES];

/** What an error report contains about the broadcaster; nothing in it is a secret. */
export interface ErrorMetadata {
  /** Whether `signIn` has succeeded. */
  isSignedIn?: boolean;
  /** The WHIP endpoint without its query. */
  server?: string | undefined;
  /** The name of the stream. */
  streamname?: string | undefined;
  /** Whether an audio track was captured. */
  hasAudio?: boolean;
  /** Whether a video track was captured. */
  hasVideo?: boolean;
  /** Whether the browser runs on a phone or tablet. */
  isMobile?: boolean;
  /** The browser's name. */
  browser?: string | undefined;
  /** The browser's version. */
  browserVersion?: string | undefined;
  /** The operating system. */
  os?: string | undefined;
}

/** The one error class of the public API: promises reject with it, error events carry it. */
export class RtcUserError extends Error {
  /** v5's number for what went wrong. */
  readonly code: ErrorCode;
  /** The family of the code, such as `BroadcastError`. */
  override readonly name: ErrorName;
  /** A stable word for the code, such as `start-failed`. */
  readonly type: ErrorType;
  /** Details about the broadcaster, for error reports. */
  userinfo: {
    /** What was known when the error happened. */
    metadata?: ErrorMetadata;
  } = {};

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.name = ERROR_NAMES[Math.floor(code / 1000) as keyof typeof ERROR_NAMES];
    this.type = ERROR_TYPES[code];
  }

  /** v5's older name of `message`. */
  get text(): string {
    return this.message;
  }

  /** A message is no key of its own, so JSON would leave it out. */
  toJSON(): object {
    const { message, text } = this;
    return { ...this, message, text };
  }
}

/** Why something ended that was stopped: its promise rejects with it, but the page is reported by what came in its place. */
export class StoppedError extends RtcUserError {
  constructor(code: ErrorCode = 5001, message = 'The broadcast was stopped.') {
    super(code, message);
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
