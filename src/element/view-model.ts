import { settingsOf } from './attributes.js';
import type { ControlsLoader } from './controllers/controls-loader.js';
import type { CoreController, CoreHost } from './controllers/core-controller.js';
import type { ViewModel } from './controls/model.js';
import type { Status } from './webcaster-core.js';

/** What there is to show of an element now. */
export function toViewModel(
  host: CoreHost,
  core: CoreController,
  { controls, isMissing }: ControlsLoader,
  steadyStatus: Status,
): ViewModel {
  const { source } = core;
  return {
    status: core.status,
    steadyStatus,
    isStarting: core.isStarting,
    isActive: core.isActive,
    isLive: core.isLive,
    isOffline: core.isOffline,
    stream: core.mediaStream,
    source,
    canPreview: !core.isActive && !core.isStreamGiven,
    canShareScreen: !core.isStreamGiven && typeof navigator?.mediaDevices?.getDisplayMedia === 'function',
    isSharingScreen: source === 'screen' && core.mediaStream !== null,
    isMirrored: source === 'camera' && !isFacingAway(core.mediaStream),
    muted: host.muted,
    videoMuted: host.videoMuted,
    devices: core.state.devices,
    permission: { camera: core.permission.camera, microphone: core.permission.microphone },
    hasPermissionElement: 'HTMLUserMediaElement' in globalThis,
    troubles: core.state.troubles,
    failure: core.state.failure,
    reconnect: core.state.reconnect,
    // What was measured before the loss no longer applies.
    quality: core.status === 'reconnecting_broadcast' ? undefined : core.state.stats.verdict,
    endedAfter: core.state.endedAfter,
    settings: settingsOf(host, 'token'),
    controls: controls?.state ?? null,
    areControlsMissing: isMissing,
  };
}

/** Cameras of computers do not report where they face: at the person. */
function isFacingAway(stream: MediaStream | null): boolean {
  return stream?.getVideoTracks()[0]?.getSettings().facingMode === 'environment';
}
