import { asRtcUserError, type RtcUserError } from '../api/errors.js';
import type { ListedDevice } from '../api/events.js';
import type { AudioDeviceConfig, VideoDeviceConfig } from '../api/preview-config.js';
import { isRefusal } from './capture-errors.js';
import { OFF, type DeviceOpener } from './device-opener.js';
import { nextDevice, type KnownDevice } from './device-recovery.js';
import type { MediaKind } from './devices.js';

export interface DeviceSearch {
  kind: MediaKind;
  config: VideoDeviceConfig & AudioDeviceConfig;
  preferred: KnownDevice;
  /** The device that was captured last: taken for the only one if the browser cannot list devices. */
  last: KnownDevice;
  /** The device in use among those connected, or null if none is usable. */
  inUse: (devices: readonly ListedDevice[]) => KnownDevice | null;
  opener: DeviceOpener;
}

export interface SearchResult {
  /** What was opened; null if nothing else is to be opened, or nothing can be. */
  opened: { track: MediaStreamTrack; device: KnownDevice } | null;
  devices: readonly ListedDevice[];
  /** Why the last device that was tried could not be opened. */
  failure: RtcUserError | undefined;
}

/**
 * Opens the preferred device unless it is in use, or else any other if none is in use; one after the other until one
 * opens or somebody refuses.
 * @throws the reason of the signal
 */
export async function openReplacement(search: DeviceSearch, signal: AbortSignal): Promise<SearchResult> {
  const { kind, preferred, last, inUse, opener } = search;
  const refused = new Set<string>();
  let failure: RtcUserError | undefined;
  for (;;) {
    const devices = await opener.devices(kind).catch(() => [{ ...last, index: 0 }]);
    signal.throwIfAborted();
    const next = nextDevice({ devices, preferred, current: inUse(devices), refused });
    if (!next) return { opened: null, devices, failure };
    try {
      const track = await openOne(search, next, signal);
      const { deviceId = '' } = track.getSettings();
      return { opened: { track, device: next.deviceId ? next : { id: track.label, deviceId } }, devices, failure };
    } catch (error) {
      signal.throwIfAborted();
      failure = asRtcUserError(error, 6005);
      refused.add(next.deviceId);
      if (isRefusal(failure)) return { opened: null, devices, failure };
    }
  }
}

async function openOne({ kind, config, opener }: DeviceSearch, { deviceId }: KnownDevice, signal: AbortSignal) {
  const chosen = { ...config, device: deviceId || true };
  const [video, audio] = kind === 'video' ? [chosen, OFF] : [OFF, chosen];
  const [track] = await opener.openDevices(video, audio, signal);
  if (!track) throw new Error(`The browser opened no ${kind} track.`);
  return track;
}
