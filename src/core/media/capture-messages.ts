import type { MediaKind } from './devices.js';

const KINDS = {
  audio: { device: 'microphone', effect: 'Viewers hear silence' },
  video: { device: 'camera', effect: 'Viewers see a placeholder' },
} as const;

/** The messages of `CaptureStatus`, in English. */
export const captureMessages = {
  live: (label: string) => `${label || 'The device'} works again.`,
  substituted: (label: string, preferred: string) => `${label} is used instead of ${preferred}.`,
  paused: (kind: MediaKind, label: string) => `The system has paused ${label}. ${KINDS[kind].effect} until it resumes.`,
  blank: (label: string) => `${label} delivers only black video, or none. Is it covered or switched off?`,
  silent: (label: string) => `${label} has been completely silent for a minute. Is it muted or switched off?`,
  stalled: (kind: MediaKind, label: string) =>
    `${label} stopped delivering ${kind}. ${KINDS[kind].effect} until it is reopened.`,
  missing: (kind: MediaKind, reason = '') =>
    `No ${KINDS[kind].device} is available. ${KINDS[kind].effect} until one can be opened. ${reason}`.trim(),
  notMixed: 'Additional audio is not sent: the browser waits for a click or a key press, or cannot mix it.',
  mixedAgain: 'Additional audio is sent again.',
  screenEnded: 'Screen sharing has ended. Viewers see a placeholder until you share again.',
  trackEnded: (kind: MediaKind) => `The ${kind} track of the custom MediaStream has ended. ${KINDS[kind].effect}.`,
  different: (label: string, difference: string) => `${label || 'The video'} opened with ${difference}.`,
  encoderStalled: (kind: MediaKind) =>
    `The ${kind} encoder has stalled. It is being restarted; viewers ${kind === 'video' ? 'see the last frame' : 'hear nothing'} until then.`,
  encoderRestarted: (kind: MediaKind) => `The ${kind} encoder works again.`,
};
