import type { MediaKind } from './devices.js';
import type { ListedDevice } from '../api/events.js';

/** Milliseconds until a device that could not be opened is tried again, and again; then only a change makes another try. */
export const RETRY_AFTER = [1_000, 2_000, 4_000, 8_000, 16_000] as const;

/** A device as far as it can be known again. */
export type KnownDevice = Pick<ListedDevice, 'id' | 'deviceId'>;

export function isSameDevice(one: KnownDevice, other: KnownDevice): boolean {
  return one.id === other.id && one.deviceId === other.deviceId;
}

/**
 * The device of the list that was meant before. Its id may change with the socket, and what is called the default may
 * stand for another device than before.
 */
export function findAgain(devices: readonly ListedDevice[], known: KnownDevice): ListedDevice | undefined {
  return (
    devices.find((device) => isSameDevice(device, known)) ??
    devices.find(({ id }) => id === known.id) ??
    devices.find(({ deviceId }) => deviceId === known.deviceId)
  );
}

/** Whether a device has been unplugged: Firefox says so only by its list. */
export function isGone(devices: readonly ListedDevice[], { deviceId }: KnownDevice): boolean {
  return deviceId !== '' && devices.every((device) => device.deviceId !== '' && device.deviceId !== deviceId);
}

export interface Situation {
  /** The devices of the kind that are there. */
  devices: readonly ListedDevice[];
  /** What the page chose. */
  preferred: KnownDevice;
  /** What is open and alive. */
  current: KnownDevice | null;
  /** The ids of those that could not be opened just now. */
  refused: ReadonlySet<string>;
}

/** The device to open now: the preferred one wherever it can be had, another one only in place of none. */
export function nextDevice({ devices, preferred, current, refused }: Situation): ListedDevice | null {
  const candidates = devices.filter(({ deviceId }) => !refused.has(deviceId));
  const best = findAgain(candidates, preferred);
  if (best) return current && isSameDevice(best, current) ? null : best;
  return current ? null : (candidates[0] ?? null);
}

const WORDS = {
  audio: { device: 'microphone', standIn: 'silence is' },
  video: { device: 'camera', standIn: 'a still picture is' },
} as const;

/** What is to be told to a page: sentences for people. */
export const sentences = {
  live: (label: string) => `${label} is captured again.`,
  substituted: (label: string, preferred: string) => `${label} has taken the place of ${preferred}.`,
  paused: (kind: MediaKind, label: string) =>
    `The system has taken ${label} away for now: ${WORDS[kind].standIn} sent until it is back.`,
  silent: (label: string) => `${label} delivers a black picture or none. Is it covered or switched off?`,
  missing: (kind: MediaKind, reason = '') =>
    `No ${WORDS[kind].device} is left: ${WORDS[kind].standIn} sent until one can be used. ${reason}`.trim(),
  unheard: 'The sound from outside is not sent: the browser waits for a click or a key press, or cannot mix it.',
  heard: 'The sound from outside is sent again.',
  unshared: 'The screen is not shared any more: a still picture is sent until it is shared again.',
  frozen: (label: string) => `${label} delivers no picture any more: a still picture is sent until it does.`,
  ended: (kind: MediaKind) => `The ${kind} track of the page's own stream has ended: ${WORDS[kind].standIn} sent.`,
  alone: 'There is no microphone: the screen is shared without sound.',
  different: (label: string, difference: string) => `${label || 'The picture'} opened with ${difference}.`,
};
