import type { World } from '../platform/world.js';
import { Publisher } from './publisher.js';

/**
 * Calls `use` with what publishes: at once here. In `nano-webcaster.min.js`, `late-publisher-loader.ts` takes the place of this
 * module.
 */
export function withPublisher<T>(
  _clock: Pick<World, 'setTimeout' | 'clearTimeout'>,
  use: (Class: typeof Publisher) => Promise<T>,
): Promise<T> {
  return use(Publisher);
}
