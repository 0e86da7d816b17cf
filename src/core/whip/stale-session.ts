import { leftSessions } from './session-memory.js';
import { askForToken, WhipSession, type SessionSource } from './whip-session.js';

/**
 * Ends the sessions that this tab left on an endpoint before a reload: most servers refuse a new one until then. Resolves after
 * the first answers; what has not ended by then is asked for again before each `POST` and later, as every session is.
 */
export async function endStaleSession(source: SessionSource, signal: AbortSignal): Promise<void> {
  const { endpoint, world } = source;
  const urls = leftSessions(endpoint, world);
  if (urls.length === 0) return;
  // The DELETE asks for a token once more if there is none.
  const token = await askForToken(source, false, signal).catch(() => null);
  signal.throwIfAborted();
  const answer = { status: 201, ok: true, redirected: false, url: endpoint, body: '' };
  const end = (url: string) =>
    new WhipSession({ ...answer, headers: new Headers({ Location: url }) }, token, source).end();
  await Promise.all(urls.map(end));
}
