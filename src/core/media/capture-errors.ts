import { messageOf, RtcUserError, type ErrorCode } from '../api/errors.js';
import type { CaptureFeature, World } from '../platform/world.js';

const SENTENCES: Record<'camera' | 'screen', Record<string, string>> = {
  camera: {
    NotAllowedError: 'It was not allowed. Allow it for this page in the browser, and try again.',
    NotFoundError: 'A camera or microphone is missing. Connect it, and try again.',
    NotReadableError: 'The device cannot be opened: another program may be using it.',
    OverconstrainedError: 'The chosen device is not there.',
    AbortError: 'The device has failed. Plug it in anew, and try again.',
  },
  screen: {
    NotAllowedError:
      'The screen was not shared: that was cancelled, or the system does not let this browser record it.',
    NotFoundError: 'There is no screen or window to share.',
    NotReadableError: 'The system does not let this browser record the screen.',
    InvalidStateError: 'A browser shares the screen only after a click or a key press. Click, and try again.',
    AbortError: 'The screen could not be captured. Try again, or share another window.',
  },
};

const FEATURES: Record<'camera' | 'screen', readonly CaptureFeature[]> = {
  camera: ['camera', 'microphone'],
  screen: ['display-capture'],
};

/** What `getUserMedia` or `getDisplayMedia` threw, as a sentence that a person can act on. */
export function captureError(
  thrown: unknown,
  source: 'camera' | 'screen',
  { isFeatureAllowed }: Pick<World, 'isFeatureAllowed'>,
): RtcUserError {
  if (thrown instanceof RtcUserError) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  const code: ErrorCode = source === 'screen' ? 6008 : 6005;
  const missing = name === 'NotAllowedError' ? FEATURES[source].filter((feature) => !isFeatureAllowed(feature)) : [];
  const sentence = missing.length > 0 ? policySentence(missing) : SENTENCES[source][name];
  return new RtcUserError(code, `${sentence ?? messageOf(thrown)} (${name || 'unknown error'})`, thrown);
}

/** Nobody at the page can allow what its author has to. */
function policySentence(missing: readonly CaptureFeature[]): string {
  const allow = missing.join('; ');
  return `It was not allowed. In an iframe it needs allow="${allow}", and no Permissions-Policy against it.`;
}
