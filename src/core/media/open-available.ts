import { asRtcUserError, type RtcUserError } from '../api/errors.js';
import type { CaptureRequest } from '../api/preview-config.js';
import type { World } from '../platform/world.js';
import { isRefusal, nameOf } from './capture-errors.js';
import { OFF, stopAll, type DeviceOpener } from './device-opener.js';
import type { MediaKind } from './devices.js';

const PERMISSIONS = { video: 'camera', audio: 'microphone' } as const;

/** What could be opened of a request, and why the rest could not. */
export interface Opened {
  tracks: MediaStreamTrack[];
  failures: ReadonlyMap<MediaKind, RtcUserError>;
}

export interface Requested {
  video: CaptureRequest['video'] | typeof OFF;
  audio: CaptureRequest['audio'] | typeof OFF;
  /** The kinds that a device delivers already: it is not given up for one that cannot be opened. */
  alive: readonly MediaKind[];
  /** Whether something else is captured, as a screen is, so that the show can go on without all of this. */
  hasOther: boolean;
  /** Closes the camera in use: some phones open one at a time. False if there is none. */
  makeWay: () => boolean;
  /** Opens that camera again. */
  reopen: () => void;
}

/**
 * Opens camera and microphone; if one of them cannot be opened, the other one only. Explicitly chosen devices have to be
 * opened.
 * @throws RtcUserError 1006, 6004, 6005 if nothing or a required device cannot be opened; the signal's reason
 */
export async function openAvailable(
  requested: Requested,
  opener: DeviceOpener,
  { queryPermission }: Pick<World, 'queryPermission'>,
  signal: AbortSignal,
): Promise<Opened> {
  const { video, audio, alive, hasOther, makeWay, reopen } = requested;
  const openBoth = (): Promise<Opened | RtcUserError> =>
    opener.openDevices(video, audio, signal).then(
      (tracks) => ({ tracks, failures: new Map() }),
      (error: unknown) => asRtcUserError(error, 6005),
    );
  let first = await openBoth();
  const isHeld = first instanceof Error && nameOf(first.cause) === 'NotReadableError';
  if (isHeld && video.device !== false && !signal.aborted && makeWay()) {
    first = await openBoth();
    // For what cannot be opened now either; not needed once another camera is chosen.
    if (first instanceof Error) reopen();
  }
  if (!(first instanceof Error)) return first;
  signal.throwIfAborted();
  const kinds = (['audio', 'video'] as const).filter((kind) => requested[kind].device !== false);
  const isRequired = (kind: MediaKind) => requested[kind].device !== true || alive.includes(kind);
  const mayGoOn = first.code === 6005 && (hasOther || kinds.length > 1) && !kinds.every(isRequired);
  if (!mayGoOn) throw first;
  const tracks: MediaStreamTrack[] = [];
  const failures = new Map<MediaKind, RtcUserError>();
  const openOne = async (kind: MediaKind): Promise<RtcUserError | MediaStreamTrack[]> => {
    // A request for this kind only has just failed; and nobody who refused is asked again.
    const isDenied = isRefusal(first) && (await queryPermission(PERMISSIONS[kind]))?.state !== 'granted';
    if (kinds.length === 1 || isDenied) return first;
    const [camera, microphone] = kind === 'video' ? [video, OFF] : [OFF, audio];
    return opener.openDevices(camera, microphone, signal).catch((error: unknown) => asRtcUserError(error, 6005));
  };
  try {
    for (const kind of kinds) {
      const outcome = await openOne(kind);
      if (!(outcome instanceof Error)) tracks.push(...outcome);
      signal.throwIfAborted();
      if (!(outcome instanceof Error)) continue;
      if (isRequired(kind)) throw outcome;
      failures.set(kind, outcome);
    }
    if (tracks.length === 0 && !hasOther) throw first;
  } catch (error) {
    stopAll(tracks);
    throw error;
  }
  return { tracks, failures };
}
