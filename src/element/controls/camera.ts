import type { ViewModel } from './model.js';

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

/** What the camera of a stream can do; nothing if the browser does not say. */
export function cameraFeatures({ stream, source }: Pick<ViewModel, 'stream' | 'source'>): CameraFeatures {
  const track = source === 'camera' ? stream?.getVideoTracks()[0] : undefined;
  const { zoom, torch }: CameraCapabilities = track?.getCapabilities?.() ?? {};
  const settings: CameraSettings = track?.getSettings() ?? {};
  return {
    zoom: zoom && zoom.max > zoom.min ? { ...zoom, value: settings.zoom ?? zoom.min } : undefined,
    torch: torch ? settings.torch === true : undefined,
  };
}

/** Sets zoom or light of the camera in use; what it refuses stays as it is. */
export function adjustCamera(
  { stream }: Pick<ViewModel, 'stream'>,
  settings: { zoom?: number; torch?: boolean },
): void {
  const constraints = { advanced: [settings as MediaTrackConstraintSet] };
  stream
    ?.getVideoTracks()[0]
    ?.applyConstraints(constraints)
    .catch(() => undefined);
}

/** The camera to flip to, on devices whose cameras face somewhere: phones and tablets. */
export function otherCamera({ stream, source, devices }: ViewModel): string | undefined {
  const track = source === 'camera' ? stream?.getVideoTracks()[0] : undefined;
  const { facingMode, deviceId } = track?.getSettings() ?? {};
  const cameras = devices.videodevices.map((camera) => camera.deviceId).filter(Boolean);
  if (!facingMode || !deviceId || cameras.length < 2) return undefined;
  return cameras[(cameras.indexOf(deviceId) + 1) % cameras.length];
}
