import type { CoreController, CoreHost } from './controllers/core-controller.js';
import type { Actions } from './controls/model.js';
import type { Settings } from './attributes.js';
import { remember } from './remember.js';

/** Settings that hold from the next start: an open preview is opened again for them. Devices are switched anyway. */
const FOR_THE_NEXT_START: readonly (keyof Settings)[] = ['source', 'width', 'height', 'framerate', 'audioMode'];

/** What the person can do with an element, by buttons, commands or system keys; `remember` keeps what they chose. */
export function toActions(host: CoreHost, core: CoreController): Actions {
  const choose = (settings: Partial<Settings>) => {
    Object.assign(host, settings);
    if (host.remember) remember(host, settings, core.state.labels);
  };
  return {
    start: () => void core.start(),
    stop: () => void (core.isActive ? core.stop() : core.stopPreview()),
    retry: () => void core.retry(),
    openPreview: () => void core.startPreview(),
    closePreview: () => void core.stopPreview(),
    mute: (muted) => choose({ muted }),
    muteVideo: (videoMuted) => choose({ videoMuted }),
    shareScreen: (isShared) => void core.switchSource(isShared ? 'screen' : 'camera'),
    usePermission: (stream) => {
      // The element opens its own capture, with its settings.
      for (const track of stream?.getTracks() ?? []) track.stop();
      if (core.status === 'failed') void core.retry();
    },
    choose: (settings) => {
      choose(settings);
      const isOpen = core.mediaStream !== null && !core.isStreamGiven && !core.isActive;
      if (isOpen && FOR_THE_NEXT_START.some((name) => name in settings)) void core.startPreview();
    },
  };
}
