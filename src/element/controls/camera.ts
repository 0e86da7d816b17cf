import type { ControlsModel } from './model.js';

/** Not in TypeScript's library yet: https://w3c.github.io/mediacapture-image/ */
interface CameraCapabilities extends MediaTrackCapabilities {
  zoom?: { min: number; max: number; step: number };
  torch?: boolean;
}

type CameraSettings = MediaTrackSettings & { zoom?: number; torch?: boolean };

/** What the camera in use can do beyond being a camera. */
export interface CameraFeatures {
  readonly zoom: { min: number; max: number; step: number; value: number } | undefined;
  /** Whether the light is on; undefined if there is none. */
  readonly torch: boolean | undefined;
}

/** What the camera of a stream can do; nothing if the browser does not report it. */
export function cameraFeatures({ stream, source }: Pick<ControlsModel, 'stream' | 'source'>): CameraFeatures {
  const track = source === 'camera' ? stream?.getVideoTracks()[0] : undefined;
  const { zoom, torch }: CameraCapabilities = track?.getCapabilities?.() ?? {};
  const settings: CameraSettings = track?.getSettings() ?? {};
  return {
    zoom: zoom && zoom.max > zoom.min ? { ...zoom, value: settings.zoom ?? zoom.min } : undefined,
    torch: torch ? settings.torch === true : undefined,
  };
}

/** Sets zoom or light of the camera in use; what it refuses stays as it is, and so do the other constraints. */
export function adjustCamera(
  { stream }: Pick<ControlsModel, 'stream'>,
  settings: { zoom?: number; torch?: boolean },
): Promise<void> | undefined {
  const track = stream?.getVideoTracks()[0];
  const before = track?.getConstraints() ?? {};
  const own = Object.assign({}, ...(before.advanced ?? []), settings) as MediaTrackConstraintSet;
  // The controls show what the camera has.
  return track?.applyConstraints({ ...before, advanced: [own] }).catch(() => undefined);
}

/** How labels name where a camera faces; elsewhere than in English the next camera is as good a guess. */
const FACES = { user: /front|user|selfie/i, environment: /back|rear|environment/i };

/** The camera to flip to, on devices whose cameras face somewhere: phones and tablets. */
export function otherCamera({ stream, source, devices }: ControlsModel): string | undefined {
  const track = source === 'camera' ? stream?.getVideoTracks()[0] : undefined;
  const { facingMode, deviceId } = track?.getSettings() ?? {};
  const cameras = devices.videodevices.filter((camera) => camera.deviceId);
  if (!facingMode || !deviceId || cameras.length < 2) return undefined;
  const current = cameras.findIndex((camera) => camera.deviceId === deviceId);
  const others = [...cameras.slice(current + 1), ...cameras.slice(0, Math.max(current, 0))];
  // Phones have several at the back: the one to flip to faces the other way.
  const wanted = FACES[facingMode === 'user' ? 'environment' : 'user'];
  return (others.find(({ id }) => wanted.test(id)) ?? others[0])?.deviceId;
}
