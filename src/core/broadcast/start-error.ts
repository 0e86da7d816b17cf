import { asRtcUserError, RtcUserError, type ErrorCode } from '../errors.js';
import { WhipError } from '../whip/whip-error.js';

/** The error of a first start, with v5's more exact codes where the server's answer tells (else 5001). */
export function startError(thrown: unknown, hasToken: boolean): RtcUserError {
  if (!(thrown instanceof WhipError)) return asRtcUserError(thrown, 5001);
  return new RtcUserError(codeOf(thrown.status ?? 0, hasToken), thrown.message, thrown);
}

function codeOf(status: number, hasToken: boolean): ErrorCode {
  if (status === 401) return hasToken ? 103003 : 103001;
  if (status === 403) return 102001;
  return status >= 500 ? 101001 : 5001;
}
