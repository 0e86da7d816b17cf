import { RtcUserError } from '../api/errors.js';
import type { DeviceList, ListedDevice } from '../api/events.js';
import { isIndex, looksLikeDeviceId } from '../api/preview-config.js';

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
 * The device of the list that `choice` means. A device id that is not in the list, as after cookies were cleared, means
 * the device with the label that was stored beside it, else any device of the kind: then the result is undefined.
 * @throws RtcUserError 6004 if there is none
 */
export function findDevice(
  devices: readonly ListedDevice[],
  choice: number | string,
  label?: string,
): ListedDevice | undefined {
  const device =
    devices.find(({ id, deviceId }) => id === choice || deviceId === choice) ??
    (isIndex(choice) ? devices[Number(choice)] : undefined) ??
    (label ? devices.find(({ id }) => id === label) : undefined);
  const isReplaceable = devices.length > 0 && (label || looksLikeDeviceId(choice));
  if (device || isReplaceable) return device;
  throw new RtcUserError(6004, `There is no device "${choice}"; ${devices.length} were found.`);
}
