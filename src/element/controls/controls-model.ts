import type { CoreController } from '../controllers/core-controller.js';
import type { ControlsModel, ControlsState, ViewModel } from './model.js';

/** What there is to show with controls now. */
export function toControlsModel(
  model: ViewModel,
  core: CoreController,
  controls: ControlsState,
  muted: boolean,
): ControlsModel {
  const { source, isSharingScreen, isActive, isLive, isStreamGiven, state } = core;
  return {
    ...model,
    isActive,
    isLive,
    source,
    isSharingScreen,
    canPreview: !isActive && !isStreamGiven,
    canShareScreen: !isStreamGiven && typeof globalThis.navigator?.mediaDevices?.getDisplayMedia === 'function',
    muted,
    isVideoOnly:
      (isStreamGiven ? Boolean(model.stream?.getVideoTracks().length) : model.settings.audioDevice === 'none') &&
      !model.stream?.getAudioTracks().length,
    devices: state.devices,
    labels: state.labels,
    hasPermissionElement: 'HTMLUserMediaElement' in globalThis,
    quality: state.stats.verdict,
    controls,
  };
}
