import { messageOf, RtcUserError } from '../api/errors.js';
import { withDeadline } from '../platform/timing.js';
import type * as publisher from './publisher.js';
import type * as publisherLoader from './publisher-loader.js';

/** Milliseconds that a caller waits for the module; a browser may take minutes to give up a request that was lost. */
const DEADLINE = 10_000;

/**
 * Makes the function that loads the module that publishes and calls `use` with it; most visitors of a page never need it.
 * Callers that come while it loads wait for the same request, and go on in their order. After a failure, the next one tries
 * again. The function throws RtcUserError 1000 if the module could not be loaded.
 */
export function latePublisherLoader(load: () => Promise<typeof publisher>): typeof publisherLoader.withPublisher {
  let loading: Promise<typeof publisher> | undefined;
  return async (clock, use) => {
    const attempt = (loading ??= load().catch(load));
    const late = () => new Error(`It did not load within ${DEADLINE / 1000} s.`);
    const { Publisher } = await withDeadline(() => attempt, DEADLINE, late, clock).catch((error: unknown) => {
      if (loading === attempt) loading = undefined;
      // What comes too late for this caller is there for the next; a second failure changes nothing.
      attempt.then(() => (loading = attempt)).catch(() => undefined);
      throw new RtcUserError(1000, `broadcast.min.js could not be loaded: ${messageOf(error)}`, error);
    });
    return use(Publisher);
  };
}

export const withPublisher = latePublisherLoader(() => import('./publisher.js'));
