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
  const { token: _, ...settings } = core.settings;
  const { quality } = core.stats;
  const source = core.isStreamGiven ? 'page' : host.source;
  return {
    status: core.status,
    steadyStatus,
    isStarting: core.isStarting,
    isActive: core.isActive,
    isLive: core.isLive,
    isOffline: globalThis.navigator?.onLine === false,
    stream: core.mediaStream,
    source,
    canPreview: !core.isActive && !core.isStreamGiven,
    canShareScreen: !core.isStreamGiven && typeof navigator?.mediaDevices?.getDisplayMedia === 'function',
    isSharingScreen: source === 'screen' && core.mediaStream !== null,
    isMirrored: false,
    muted: host.muted,
    videoMuted: host.videoMuted,
    devices: core.devices,
    permission: { camera: 'unknown', microphone: 'unknown' },
    hasPermissionElement: false,
    troubles: core.troubles,
    failure: core.failure,
    reconnect: core.reconnect,
    quality: quality && { level: quality, reason: undefined },
    endedAfter: core.endedAfter,
    settings,
    controls: controls?.state ?? null,
    areControlsMissing: isMissing,
  };
}
