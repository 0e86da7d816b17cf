import type { SettingName, Settings } from './attributes.js';

/** What the attribute `remember` keeps: what the person chose, not what the page set. */
const REMEMBERED: readonly SettingName[] = [
  'videoDevice',
  'audioDevice',
  'muted',
  'videoMuted',
  'videoBitrate',
  'audioBitrate',
];

/** One entry for all elements of an origin, but one each for those with an `id`. */
function keyOf({ id }: { id: string }): string {
  return id ? `nano-webcaster#${id}` : 'nano-webcaster';
}

/** Keeps what the person chose in `localStorage`; does nothing if the page may not use it, or if it is full. */
export function remember(element: { id: string }, chosen: Partial<Settings>): void {
  const kept = Object.entries(chosen).filter(([name]) => REMEMBERED.includes(name as SettingName));
  if (kept.length === 0) return;
  try {
    localStorage.setItem(keyOf(element), JSON.stringify({ ...remembered(element), ...Object.fromEntries(kept) }));
  } catch {
    // Sandboxed frames and some private windows have no storage.
  }
}

/** What the person chose before; nothing if the stored entry is missing or unreadable. */
export function remembered(element: { id: string }): Partial<Settings> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(element)) ?? '{}');
    const known = REMEMBERED.filter((name) => Object.hasOwn(Object(stored) as object, name));
    return Object.fromEntries(known.map((name) => [name, (stored as Settings)[name]]));
  } catch {
    return {};
  }
}
