import type { Strings } from '../strings.js';

/** The words that are always there. */
export const en: Strings = {
  dir: 'ltr',

  idle: 'Not live',
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
    stalled: () => 'Your browser stopped encoding video. It is being restarted.',
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
  showPreview: 'Show preview',
  closePreview: 'Close preview',
  start: 'Go live',
  stop: 'Stop',
  retry: 'Try again',
  microphoneOff: 'Mute microphone',
  cameraOff: 'Turn camera off',
  liveFor: 'Live for',
  quality: { good: 'Good connection', medium: 'Fair connection', bad: 'Poor connection' },

  settings: 'Settings',
  source: 'Source',
  sources: { camera: 'Camera', screen: 'Screen' },
  videoDevice: 'Camera',
  audioDevice: 'Microphone',
  automatic: 'Automatic',
  none: 'None',
  resolution: 'Resolution',
  framerate: 'Frames per second',
  videoBitrate: 'Video bitrate, at most',
  audioBitrate: 'Audio bitrate, at most',
  audioMode: 'Sound',
  audioModes: { speech: 'Speech', music: 'Music' },
  locked: 'Source, resolution, frames and sound can be changed when you are not live.',

  statistics: 'Statistics',
  stats: {
    video: 'Video',
    audio: 'Audio',
    picture: 'Picture',
    framerate: 'Frames per second',
    packetLoss: 'Packet loss',
    roundTripTime: 'Round trip',
    sendDelay: 'Send delay',
  },
  chart: (now, least, most) => `Bitrate of the last minute: ${now} now, between ${least} and ${most}`,
  copy: 'Copy diagnostics',
  copied: 'Copied',
  copyByHand: 'Copy this text',
};

function input(kind: 'videoinput' | 'audioinput'): string {
  return kind === 'videoinput' ? 'camera' : 'microphone';
}
