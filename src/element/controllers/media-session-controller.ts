import { isServer, type ReactiveController, type ReactiveControllerHost } from 'lit';
import type { Actions } from '../controls/model.js';

interface MediaSessionHost extends ReactiveControllerHost {
  muted: boolean;
  videoMuted: boolean;
}

type Action = 'togglemicrophone' | 'togglecamera' | 'hangup';

/** Newer parts of the Media Session API; not in every browser. */
interface Session {
  setActionHandler(action: Action, handler: (() => void) | null): void;
  setMicrophoneActive?(isActive: boolean): void;
  setCameraActive?(isActive: boolean): void;
}

/** Whose handlers the page's one media session has: the last element that went live. */
let owner: MediaSessionHost | undefined;

/** Lets headset and system buttons mute and end a live broadcast, and shows them what is muted. */
export class MediaSessionController implements ReactiveController {
  readonly #host: MediaSessionHost;
  readonly #isLive: () => boolean;
  readonly #actions: Actions;
  #wasLive = false;

  constructor(host: MediaSessionHost, isLive: () => boolean, actions: Actions) {
    this.#host = host;
    this.#isLive = isLive;
    this.#actions = actions;
    host.addController(this);
  }

  hostUpdated(): void {
    if (isServer) return;
    const isLive = this.#isLive();
    if (isLive && !this.#wasLive) this.#take();
    if (!isLive) this.#release();
    this.#wasLive = isLive;
    if (owner !== this.#host) return;
    const session = mediaSession();
    const { muted, videoMuted } = this.#host;
    session?.setMicrophoneActive?.(!muted);
    session?.setCameraActive?.(!videoMuted);
  }

  hostDisconnected(): void {
    if (!this.#isLive()) this.#release();
  }

  #take(): void {
    owner = this.#host;
    const { mute, muteVideo, stop } = this.#actions;
    setHandlers({
      togglemicrophone: () => mute(!this.#host.muted),
      togglecamera: () => muteVideo(!this.#host.videoMuted),
      hangup: stop,
    });
  }

  #release(): void {
    if (owner !== this.#host) return;
    owner = undefined;
    setHandlers({ togglemicrophone: null, togglecamera: null, hangup: null });
  }
}

function setHandlers(handlers: Record<Action, (() => void) | null>): void {
  for (const [action, handler] of Object.entries(handlers)) {
    try {
      mediaSession()?.setActionHandler(action as Action, handler);
    } catch {
      // A browser throws for an action that it does not know.
    }
  }
}

function mediaSession(): Session | undefined {
  return navigator.mediaSession as unknown as Session | undefined;
}
