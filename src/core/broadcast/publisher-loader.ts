import { messageOf } from '../api/errors.js';
import { withDeadline } from '../platform/timing.js';
import type { World } from '../platform/world.js';
import type * as publisher from './publisher.js';

type Clock = Pick<World, 'setTimeout' | 'clearTimeout'>;

/** What the module that publishes exports. */
type PublisherModule = typeof publisher;

/** Milliseconds that a browser has to load the module; it may take minutes to give up a request that was lost. */
const DEADLINE = 10_000;

const load = (): Promise<PublisherModule> => import('./publisher.js');
let loading: Promise<PublisherModule> | undefined;

/**
 * Loads the module that publishes, which most visitors of a page never need. Callers that come while it loads wait for the
 * same request; after a failure, the next one tries again.
 * @throws Error if it could not be loaded
 */
export function loadPublisher(clock: Clock): Promise<PublisherModule> {
  const loadTwice = () => load().catch(load);
  const late = () => new Error(`It did not come within ${DEADLINE / 1000} s.`);
  loading ??= withDeadline(loadTwice, DEADLINE, late, clock).catch((error: unknown) => {
    loading = undefined;
    throw new Error(`The module that broadcasts could not be loaded: ${messageOf(error)}`, { cause: error });
  });
  return loading;
}
