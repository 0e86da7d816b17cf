import { messageOf } from '../api/errors.js';
import { withDeadline } from '../platform/timing.js';
import type { World } from '../platform/world.js';
import type * as publisher from './publisher.js';

type Clock = Pick<World, 'setTimeout' | 'clearTimeout'>;

/** What the module that publishes exports. */
type PublisherModule = typeof publisher;

/** Milliseconds that a browser has to load the module; a request that was lost may take it minutes to give up. */
const DEADLINE = 10_000;
/** How often it is tried for one caller. */
const TRIES = 2;

/** @param _attempt 0 for the first: a browser may keep a failure for as long as the page lives */
const load = (_attempt: number): Promise<PublisherModule> => import('./publisher.js');
let attempts = 0;
let loading: Promise<PublisherModule> | undefined;

/**
 * Loads the module that publishes, which most visitors of a page never need. Callers that come while it loads wait for the
 * same; after a failure, the next one tries again.
 * @throws Error if it could not be loaded
 */
export function loadPublisher(clock: Clock): Promise<PublisherModule> {
  loading ??= tryToLoad(clock).catch((error: unknown) => {
    loading = undefined;
    throw new Error(`The module that broadcasts could not be loaded: ${messageOf(error)}`, { cause: error });
  });
  return loading;
}

async function tryToLoad(clock: Clock): Promise<PublisherModule> {
  for (let tries = 1; ; tries++) {
    try {
      const late = () => new Error(`It did not come within ${DEADLINE / 1000} s.`);
      return await withDeadline(() => load(attempts++), DEADLINE, late, clock);
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}
