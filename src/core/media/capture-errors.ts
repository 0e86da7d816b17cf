import { messageOf, RtcUserError, type ErrorCode } from '../errors.js';

const SENTENCES: Record<string, string> = {
  NotAllowedError: 'It was not allowed. Allow it for this page in the browser, and try again.',
  NotFoundError: 'A camera or microphone is missing. Connect it, and try again.',
  NotReadableError: 'The device cannot be opened: another program may be using it.',
  OverconstrainedError: 'The chosen device is not there.',
};

const NO_DEVICE = new Set(['NotFoundError', 'OverconstrainedError']);

/** What `getUserMedia` or `getDisplayMedia` threw, as a sentence that a person can act on. */
export function captureError(thrown: unknown, source: 'camera' | 'screen'): RtcUserError {
  if (thrown instanceof RtcUserError) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  const code: ErrorCode = source === 'screen' ? 6008 : NO_DEVICE.has(name) ? 6004 : 6005;
  return new RtcUserError(code, `${SENTENCES[name] ?? messageOf(thrown)} (${name || 'unknown error'})`, thrown);
}
