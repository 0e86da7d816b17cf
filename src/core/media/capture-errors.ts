import { messageOf, RtcUserError, type ErrorCode } from '../errors.js';

const SENTENCES: Record<string, string> = {
  NotAllowedError: 'The browser or its user did not allow it. Allow camera and microphone for this page and try again.',
  NotFoundError: 'No camera or microphone was found. Connect one and try again.',
  NotReadableError: 'The device cannot be opened. Another program may be using it.',
  OverconstrainedError: 'The chosen device is not there or cannot do what was asked of it.',
  SecurityError: 'Camera and microphone are switched off for this page.',
  AbortError: 'The device could not be started.',
};

const NO_DEVICE = new Set(['NotFoundError', 'OverconstrainedError']);

/** What `getUserMedia` or `getDisplayMedia` threw, as a sentence that a person can act on. */
export function captureError(thrown: unknown, source: 'camera' | 'screen'): RtcUserError {
  if (thrown instanceof RtcUserError) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  const code: ErrorCode = source === 'screen' ? 6008 : NO_DEVICE.has(name) ? 6004 : 6005;
  return new RtcUserError(code, `${SENTENCES[name] ?? messageOf(thrown)} (${name || 'unknown error'})`, thrown);
}
