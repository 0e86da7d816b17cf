import { RtcUserError } from '../api/errors.js';
import type { DeviceList, ListedDevice } from '../api/events.js';
import { isIndex } from '../api/preview-config.js';

export type MediaKind = 'audio' | 'video';
export type DeviceKind = `${MediaKind}input`;

/** The inputs among the browser's devices, in v5's form. */
export function toDeviceList(devices: readonly MediaDeviceInfo[]): DeviceList {
  const list = (kind: DeviceKind, name: string): ListedDevice[] =>
    devices
      .filter((device) => device.kind === kind)
      .map(({ label, deviceId }, index) => ({ id: label || `${name} ID: ${deviceId}`, index, deviceId }));
  return { audiodevices: list('audioinput', 'audiodevice'), videodevices: list('videoinput', 'videodevice') };
}

/** Whether two lists name the same devices in the same order. */
export function isSameList(one: DeviceList, other: DeviceList): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether ids are known: browsers keep them from a page that was not allowed a device yet. */
export function areNamed(devices: readonly ListedDevice[]): boolean {
  return devices.length > 0 && devices.every(({ deviceId }) => deviceId !== '');
}

/**
 * The device of the list that `choice` means.
 * @throws RtcUserError 6004 where there is none: another device is never taken in its place
 */
export function findDevice(devices: readonly ListedDevice[], choice: number | string): ListedDevice {
  const device =
    devices.find(({ id, deviceId }) => id === choice || deviceId === choice) ??
    (isIndex(choice) ? devices[Number(choice)] : undefined);
  if (!device) throw new RtcUserError(6004, `There is no device "${choice}"; ${devices.length} were found.`);
  return device;
}
