import type { CoreController, CoreHost } from './controllers/core-controller.js';
import type { Actions } from './controls/model.js';
import type { Settings } from './attributes.js';

/** Settings that hold from the next start: an open preview is opened again for them. Devices are switched anyway. */
const FOR_THE_NEXT_START: readonly (keyof Settings)[] = ['source', 'width', 'height', 'framerate', 'audioMode'];

/** What the person can do with an element, by buttons, commands or system keys. */
export function toActions(host: CoreHost, core: CoreController): Actions {
  return {
    start: () => void core.start(),
    stop: () => void core.stop(),
    retry: () => void core.retry(),
    openPreview: () => void core.startPreview(),
    closePreview: () => void core.stopPreview(),
    mute: (isMuted) => void (host.muted = isMuted),
    muteVideo: (isMuted) => void (host.videoMuted = isMuted),
    shareScreen: (isShared) => void (host.source = isShared ? 'screen' : 'camera'),
    choose: (settings) => {
      Object.assign(host, settings);
      const isOpen = core.mediaStream !== null && !core.isStreamGiven && !core.isActive;
      if (isOpen && FOR_THE_NEXT_START.some((name) => name in settings)) void core.startPreview();
    },
  };
}
