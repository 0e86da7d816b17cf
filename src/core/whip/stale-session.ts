import { withDeadline } from '../platform/timing.js';
import { isEnded, statusError } from './http-errors.js';
import { HTTP_DEADLINE, noAnswer, send, type WhipContext, type TokenSource } from './http.js';

const keyOf = (endpoint: string) => `nano-webcaster ${endpoint}`;

/** The sessions of this page: it may be live with them, by another element too. */
const ofThisPage = new Set<string>();

/** Remembers for this tab which session it has on an endpoint. */
export function rememberSession(endpoint: string, url: string, storage: Storage | undefined): void {
  ofThisPage.add(url);
  try {
    storage?.setItem(keyOf(endpoint), url);
  } catch {
    // A full storage remembers nothing.
  }
}

/** Forgets a session that has ended, if no later one has taken its place. */
export function forgetSession(endpoint: string, url: string, storage: Storage | undefined): void {
  ofThisPage.delete(url);
  if (storage?.getItem(keyOf(endpoint)) === url) storage.removeItem(keyOf(endpoint));
}

/**
 * Ends the session that this tab left on an endpoint when it crashed or was reloaded too fast: most servers refuse a new
 * one until then. A copy of a tab has its storage too, so that only a reload counts.
 */
export async function endStaleSession(endpoint: string, source: TokenSource, context: WhipContext): Promise<void> {
  const { world, log } = context;
  const url = world.isReload() ? world.storage?.getItem(keyOf(endpoint)) : null;
  if (!url || ofThisPage.has(url)) return;
  const end = async (signal: AbortSignal) => {
    const token = await source(false);
    const answer = await send({ method: 'DELETE', url, token, signal }, context);
    if (!isEnded(answer)) throw statusError('DELETE', answer, token, world.wallNow(), context.secrets);
  };
  try {
    await withDeadline(end, HTTP_DEADLINE.DELETE, () => noAnswer('DELETE'), world);
    forgetSession(endpoint, url, world.storage);
  } catch (error) {
    log.warn('The session of before the reload was not deleted:', error);
  }
}
