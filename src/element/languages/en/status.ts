import type { StatusStrings } from '../../strings.js';

const contact = 'Please contact the site.';
const unreachable = 'We couldn’t connect to the streaming server. Try again, or contact the site.';
const missing = 'No camera or microphone was found. Connect one, then try again.';
const reopen = 'Your camera or microphone couldn’t be opened. Unplug it, plug it in again, then try again.';

/** The English text that is always there. */
export const status: StatusStrings = {
  dir: 'ltr',
  preview: 'Preview',

  idle: 'Not live',
  requesting: 'Allow camera and microphone in your browser’s prompt',
  requestingAudio: 'Allow the microphone in your browser’s prompt',
  requestingVideo: 'Allow the camera in your browser’s prompt',
  requestingScreen: 'Choose what to share in your browser’s window',
  signalling: 'Connecting…',
  connected: 'Almost live…',
  broadcasting: 'Live',
  reconnecting: 'Viewers may not see you at the moment. The server is fixing this.',
  reconnecting_broadcast: 'Reconnecting. Stay on this page.',
  pill: {
    off: 'Not live',
    connecting: 'Connecting',
    reconnecting: 'Reconnecting',
    output: 'Viewers waiting',
  },
  ended: (duration) => `Broadcast ended after ${duration}`,
  causes: {
    network: 'Connection lost',
    server: 'Connection to the server lost',
    suspended: 'This device was asleep',
    tracks: 'Adding your camera or microphone',
    encoder: 'Restarting your broadcast',
  },
  offline: 'You’re offline. Stay on this page: we’ll reconnect as soon as you’re back online.',
  attempt: (_, seconds) => (seconds > 0 ? `Next try in ${seconds}\u00a0s` : 'Trying now…'),
  failures: {
    start: 'Your broadcast couldn’t start',
    ended: 'Your broadcast ended',
    devices: 'Your camera or microphone can’t be used',
    blocked: 'Camera and microphone are blocked',
    blockedAudio: 'The microphone is blocked',
    blockedVideo: 'The camera is blocked',
    screen: 'Your screen wasn’t shared',
    setup: 'This broadcast isn’t set up correctly',
  },
  errors: {
    NotAllowedError: 'Allow access in the address bar, then try again.',
    'blocked-by-system': 'Allow this for your browser in your system’s privacy settings, then try again.',
    NotReadableError: 'Another app may be using it. Close that app, then try again.',
    NotFoundError: missing,
    OverconstrainedError: missing,
    AbortError: reopen,
    offline: 'You’re offline. Check your connection, then try again.',
    'wrong-address': 'The streaming address seems to be wrong. Please contact the site.',
    'not-loaded': 'Part of this page couldn’t be loaded. Try again, or contact the site.',
    1000: 'Something went wrong. Reload the page, then try again.',
    1001: contact,
    1002: contact,
    1003: contact,
    1004: contact,
    1006: contact,
    4000: unreachable,
    4001: contact,
    5001: unreachable,
    5002: 'We couldn’t reconnect. Try again, or contact the site.',
    5003: 'No broadcast is running.',
    6001: 'There is nothing to send. Turn on your camera or microphone, then try again.',
    6004: missing,
    6005: reopen,
    6006: 'Your cameras and microphones couldn’t be listed. Reload the page, then try again.',
    6008: 'Share it again, or choose another window.',
    101001: 'The streaming server has a problem. Try again in a few minutes.',
    102001: 'The streaming server doesn’t allow this broadcast. Please contact the site.',
    103001: 'You aren’t signed in. Reload the page, or contact the site.',
    103003: 'Your access isn’t valid, or has expired. Reload the page, or contact the site.',
    103004: 'The streaming server doesn’t know this broadcast. Please contact the site.',
    109000: 'The server couldn’t pass your broadcast on to viewers. Please contact the site.',
  },
  capture: {
    substituted: (kind, device) =>
      `Your ${input(kind)} was disconnected. ${kind === 'videoinput' ? 'Viewers now see' : 'Viewers now hear'} ${device || `another ${input(kind)}`}.`,
    paused: (kind) => `Your system paused the ${input(kind)}. ${placeholder(kind)} until it is back.`,
    silent: (kind) =>
      kind === 'videoinput'
        ? 'Your camera shows nothing. Check whether it is covered or used by another app.'
        : 'Your microphone is silent. Check whether it is switched off.',
    stalled: (kind) =>
      kind === 'videoinput'
        ? 'Your browser stopped sending new video. Viewers see a still image. It restarts automatically.'
        : 'Your browser stopped sending audio. It restarts automatically.',
    blocked: (kind) => `Your ${input(kind)} is blocked. ${placeholder(kind)}. Allow it in your browser.`,
    missing: (kind) =>
      `Your ${input(kind)} isn’t available. ${placeholder(kind)}. Connect or allow it, or choose another.`,
    ended: (kind) => `${placeholder(kind)}.`,
    unsent: (kind) =>
      `Your ${kind === 'videoinput' ? 'video' : 'audio'} couldn’t be added. Your broadcast goes on without it.`,
    different: (kind, device) =>
      kind === 'audioinput'
        ? 'Viewers can’t hear the added sound.'
        : `${device || 'Your camera'} can’t deliver the chosen quality. The closest one is used.`,
  },
  screenEnded: 'Screen sharing ended. Viewers see a blank picture. Share your screen again, or choose a camera.',
  retry: 'Try again',
  details: 'Details',
  controlsMissing: 'The controls couldn’t be loaded. Reload the page, or contact the site.',
};

function input(kind: 'videoinput' | 'audioinput'): string {
  return kind === 'videoinput' ? 'camera' : 'microphone';
}

function placeholder(kind: 'videoinput' | 'audioinput'): string {
  return kind === 'videoinput' ? 'Viewers see a blank picture' : 'Viewers can’t hear you';
}
