import { asRtcUserError, RtcUserError, type ErrorCode } from '../api/errors.js';
import { WhipError } from '../whip/whip-error.js';

/** What the page gave to be let in: a token, and a stream that the token names. */
export interface Credentials {
  hasToken: boolean;
  namesStream: boolean;
}

/** The error of a first start, with v5's more exact codes if the server's answer allows it (else 5001). */
export function startError(thrown: unknown, credentials: Credentials): RtcUserError {
  if (!(thrown instanceof WhipError)) return asRtcUserError(thrown, 5001);
  const code = thrown.isTokenExpired ? 103003 : codeOf(thrown.status ?? 0, credentials);
  return new RtcUserError(code, thrown.message, thrown);
}

function codeOf(status: number, { hasToken, namesStream }: Credentials): ErrorCode {
  if (status === 401) return hasToken ? 103003 : 103001;
  if (status === 403) return 102001;
  if (status === 404 && namesStream) return 103004;
  return status >= 500 ? 101001 : 5001;
}
