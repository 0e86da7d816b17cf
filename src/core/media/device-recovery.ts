import type { ListedDevice } from '../api/events.js';
import { looksLikeDeviceId, type AudioDeviceConfig } from '../api/preview-config.js';

/** Milliseconds before the first retries of a device that could not be opened. */
const FIRST_RETRIES = [1_000, 2_000, 4_000, 8_000, 16_000] as const;
/** Milliseconds between all later ones: another program may hold a device for minutes, and no event reports its end. */
const RETRY_EVERY = 30_000;

/** Milliseconds before the next try, after so many retries. */
export function retryDelay(retries: number): number {
  return FIRST_RETRIES[retries] ?? RETRY_EVERY;
}

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

/** Whether a device has been unplugged: Firefox shows it only by its list. */
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

/** Whether a device of which no label is known is this one: any device, or the one with its id. */
export function isMeant(wanted: KnownDevice, device: KnownDevice): boolean {
  return wanted.id === '' && (wanted.deviceId === '' || wanted.deviceId === device.deviceId);
}

/** The device that a page meant: an id that is unknown today may turn up again, while another device is used. */
export function wantedDevice({ device, deviceLabel = '' }: AudioDeviceConfig, opened: KnownDevice): KnownDevice {
  if (typeof device !== 'string' || !(looksLikeDeviceId(device) || deviceLabel)) return opened;
  const isOpened = device === opened.deviceId || device === opened.id || deviceLabel === opened.id;
  return isOpened ? opened : { id: deviceLabel, deviceId: device };
}
