import type { StatusStrings } from '../../strings.js';

/** The English text of the element without controls: always there. */
export const status: StatusStrings = {
  dir: 'ltr',

  idle: 'Not live',
  requesting: 'Allow camera and microphone in your browser’s prompt',
  signalling: 'Connecting…',
  connected: 'Connected, waiting for the server…',
  broadcasting: 'Live',
  reconnecting: 'The server is reconnecting its output…',
  reconnecting_broadcast: 'Reconnecting…',
  failed: 'Not live',
  causes: {
    network: 'The network connection was lost.',
    server: 'The server has closed the connection.',
    suspended: 'This device was asleep.',
    tracks: 'A camera or microphone joins the broadcast.',
  },
  repair: 'Repairing the connection',
  attempt: ({ attempt, maxRetries }, seconds) =>
    `Attempt ${attempt} of ${maxRetries} ${seconds > 0 ? `in ${seconds}\u00a0s` : 'is under way'}`,
  // The core's own messages are in English.
  errors: {},
  capture: {
    substituted: (kind, device) => `Another ${input(kind)} has taken over${device && `: ${device}`}.`,
    paused: (kind) => `The system has paused the ${input(kind)}.`,
    silent: (kind) => (kind === 'videoinput' ? 'The camera delivers no picture.' : 'The microphone delivers no sound.'),
    missing: (kind) => `There is no ${input(kind)} any more.`,
    different: (kind, device) =>
      kind === 'audioinput'
        ? 'The sound from outside is not sent.'
        : `The picture is not of the chosen size or frame rate${device && `: ${device}`}.`,
  },

  preview: 'Preview',
  retry: 'Try again',
  copied: 'Copied',
  controlsMissing: 'The controls could not be loaded.',
};

function input(kind: 'videoinput' | 'audioinput'): string {
  return kind === 'videoinput' ? 'camera' : 'microphone';
}
