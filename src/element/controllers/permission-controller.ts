import type { ReactiveControllerHost } from 'lit';
import type { Settings } from '../attributes.js';
import type { Permission } from '../controls/model.js';
import { whileConnected } from './while-connected.js';

/** Follows the permissions of camera and microphone, if the browser reports them. */
export class PermissionController {
  readonly #host: ReactiveControllerHost;

  camera: Permission = 'unknown';
  microphone: Permission = 'unknown';

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    whileConnected(host, (signal) => {
      for (const name of ['camera', 'microphone'] as const) void this.#watch(name, signal);
    });
  }

  /** Whether the browser asks the person before it opens what the settings name, as far as is known. */
  willAsk({ source, videoDevice, audioDevice }: Settings): boolean {
    if (source === 'screen') return true;
    const needed = [videoDevice !== 'none' && this.camera, audioDevice !== 'none' && this.microphone];
    return needed.some((permission) => permission === 'prompt' || permission === 'unknown');
  }

  async #watch(name: 'camera' | 'microphone', signal: AbortSignal): Promise<void> {
    try {
      const status = await navigator.permissions.query({ name });
      const follow = () => {
        if (signal.aborted || this[name] === status.state) return;
        this[name] = status.state;
        this.#host.requestUpdate();
      };
      follow();
      status.addEventListener('change', follow, { signal });
    } catch {
      // Older browsers do not know these names.
    }
  }
}
