import type { World } from '../platform/world.js';

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

/**
 * Forgets a session that has ended, if no later one has taken its place.
 * @returns whether it was the one that the tab remembered
 */
export function forgetSession(endpoint: string, url: string, storage: Storage | undefined): boolean {
  ofThisPage.delete(url);
  const isRemembered = storage?.getItem(keyOf(endpoint)) === url;
  if (isRemembered) storage?.removeItem(keyOf(endpoint));
  return isRemembered;
}

/**
 * The session that this tab left on an endpoint when it crashed or was reloaded too fast. A copy of a tab has its storage too,
 * so that only a reload counts.
 */
export function leftSession(endpoint: string, { isReload, storage }: World): string | null {
  const url = isReload() ? storage?.getItem(keyOf(endpoint)) : null;
  return url && !ofThisPage.has(url) ? url : null;
}
