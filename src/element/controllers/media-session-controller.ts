import type { ReactiveController, ReactiveControllerHost } from 'lit';
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

const HANDLERS: Record<Action, (host: MediaSessionHost, actions: Actions) => void> = {
  togglemicrophone: ({ muted }, { mute }) => mute(!muted),
  togglecamera: ({ videoMuted }, { muteVideo }) => muteVideo(!videoMuted),
  hangup: (_, { stop }) => stop(),
};

/** What is live, in the order in which it became so: the last one has the page's one media session. */
const live = new Map<MediaSessionHost, Actions>();

/** Lets headset and system buttons mute and end a live broadcast, and shows them what is muted. */
export class MediaSessionController implements ReactiveController {
  readonly #host: MediaSessionHost;
  readonly #isLive: () => boolean;
  readonly #actions: Actions;

  constructor(host: MediaSessionHost, isLive: () => boolean, actions: Actions) {
    this.#host = host;
    this.#isLive = isLive;
    this.#actions = actions;
    host.addController(this);
  }

  hostUpdated(): void {
    const isLive = this.#isLive();
    if (isLive !== live.has(this.#host)) {
      if (isLive) live.set(this.#host, this.#actions);
      else live.delete(this.#host);
      setHandlers();
    }
    const [host] = owner() ?? [];
    if (!host) return;
    mediaSession()?.setMicrophoneActive?.(!host.muted);
    mediaSession()?.setCameraActive?.(!host.videoMuted);
  }
}

function owner(): [MediaSessionHost, Actions] | undefined {
  return [...live].at(-1);
}

function setHandlers(): void {
  const current = owner();
  for (const [action, handle] of Object.entries(HANDLERS)) {
    try {
      mediaSession()?.setActionHandler(action as Action, current ? () => handle(...current) : null);
    } catch {
      // A browser throws for an action that it does not know.
    }
  }
}

function mediaSession(): Session | undefined {
  return navigator.mediaSession as unknown as Session | undefined;
}
