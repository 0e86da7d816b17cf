import type { World } from '../platform/world.js';

/** How many sessions on an endpoint are remembered: some servers end none by `DELETE`. */
const MAX_REMEMBERED = 8;

const keyOf = (endpoint: string) => `nano-webcaster ${endpoint}`;

const REGISTRY = Symbol.for('nano-webcaster sessions');
const page = globalThis as { [REGISTRY]?: Set<string> };

/** The sessions of this page: it may be live with them, by another element or another copy of this module too. */
const ofThisPage = (page[REGISTRY] ??= new Set());

/**
 * Reads the sessions that this tab has or had on an endpoint, the newest last: elements with different tokens
 * may share an endpoint. They are separated by spaces, which no serialised URL has.
 */
function sessionsOn(endpoint: string, storage: Storage | undefined): string[] {
  try {
    return storage?.getItem(keyOf(endpoint))?.split(' ') ?? [];
  } catch {
    return [];
  }
}

function keep(endpoint: string, urls: readonly string[], storage: Storage | undefined): void {
  try {
    if (urls.length > 0) storage?.setItem(keyOf(endpoint), urls.slice(-MAX_REMEMBERED).join(' '));
    else storage?.removeItem(keyOf(endpoint));
  } catch {
    // A full storage remembers nothing.
  }
}

/** Remembers for this tab that it has a session on an endpoint. */
export function rememberSession(endpoint: string, url: string, storage: Storage | undefined): void {
  ofThisPage.add(url);
  const others = sessionsOn(endpoint, storage).filter((other) => other !== url);
  keep(endpoint, [...others, url], storage);
}

/**
 * Forgets a session that has ended, and no other one.
 * @returns whether the tab remembered it
 */
export function forgetSession(endpoint: string, url: string, storage: Storage | undefined): boolean {
  ofThisPage.delete(url);
  const sessions = sessionsOn(endpoint, storage);
  const others = sessions.filter((other) => other !== url);
  const isRemembered = others.length < sessions.length;
  if (isRemembered) keep(endpoint, others, storage);
  return isRemembered;
}

/**
 * The sessions that this tab left on an endpoint when it crashed or was reloaded too fast. A copy of a tab has its storage too,
 * so that only a reload counts.
 */
export function leftSessions(endpoint: string, { isReload, storage }: World): string[] {
  return isReload() ? sessionsOn(endpoint, storage).filter((url) => !ofThisPage.has(url)) : [];
}
