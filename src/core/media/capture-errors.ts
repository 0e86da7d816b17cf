import { messageOf, RtcUserError, type ErrorCode } from '../api/errors.js';
import type { CaptureFeature, World } from '../platform/world.js';

const MESSAGES: Record<'camera' | 'screen', (devices: RequestedDevices) => Record<string, string>> = {
  camera: (devices) => ({
    NotAllowedError: `Access to ${devices} is blocked. Allow it in the address bar, then try again.`,
    NotFoundError: 'No camera or microphone was found. Connect one, then try again.',
    NotReadableError: 'The device cannot be opened. Another program may be using it.',
    OverconstrainedError: 'The chosen device is not connected.',
    AbortError: 'The device has failed. Unplug it, plug it in again, then try again.',
  }),
  screen: () => ({
    NotAllowedError: 'The screen is not shared: that was cancelled, or the system blocks it for this browser.',
    NotFoundError: 'There is no screen or window to share.',
    NotReadableError: 'The system does not let this browser record the screen.',
    InvalidStateError: 'Browsers share the screen only after a click or a key press. Click, then try again.',
    AbortError: 'The screen could not be captured. Try again, or share another window.',
  }),
};

/** Chromium adds this to a `NotAllowedError` that no page setting can change, as in the privacy settings of macOS. */
const BY_SYSTEM = /\bby system\b/i;
const SYSTEM_MESSAGES = {
  camera: (device: string) => `Your system blocks the ${device} for this browser: open its privacy settings.`,
  screen: () => 'Your system does not let this browser record the screen: open its privacy settings.',
};

const FEATURES: Record<'camera' | 'screen', readonly CaptureFeature[]> = {
  camera: ['camera', 'microphone'],
  screen: ['display-capture'],
};

/** Which devices a request was for, as people call them. */
export type RequestedDevices = 'camera' | 'microphone' | 'camera and microphone';

/** The error for what `getUserMedia` or `getDisplayMedia` threw, with a message that a person can act on. */
export function captureError(
  thrown: unknown,
  source: 'camera' | 'screen',
  { isFeatureAllowed }: Pick<World, 'isFeatureAllowed'>,
  devices: RequestedDevices = 'camera and microphone',
): RtcUserError {
  if (thrown instanceof RtcUserError) return thrown;
  const name = nameOf(thrown);
  const code: ErrorCode = source === 'screen' ? 6008 : 6005;
  const missing = name === 'NotAllowedError' ? FEATURES[source].filter((feature) => !isFeatureAllowed(feature)) : [];
  const isBySystem = name === 'NotAllowedError' && BY_SYSTEM.test(messageOf(thrown));
  const system = isBySystem ? SYSTEM_MESSAGES[source](devices) : undefined;
  const message = missing.length > 0 ? policyMessage(missing) : (system ?? MESSAGES[source](devices)[name]);
  return new RtcUserError(code, `${message ?? messageOf(thrown)} (${name || 'unknown error'})`, thrown);
}

/** Whether a person, the system or a policy has refused the devices: asking again changes nothing. */
export function isRefusal({ cause }: RtcUserError): boolean {
  return nameOf(cause) === 'NotAllowedError';
}

export function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : '';
}

/** Only the page's author can allow it. */
function policyMessage(missing: readonly CaptureFeature[]): string {
  const allow = missing.join('; ');
  return `The page does not allow it. An iframe needs allow="${allow}", and no Permissions-Policy against it.`;
}
