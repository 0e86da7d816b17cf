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

/** Keeps what the person chose in `localStorage`, with the labels of the devices. Does nothing if that is forbidden or full. */
export function remember(element: { id: string }, chosen: Partial<Settings>, seen: Record<string, string>): void {
  const kept = ofPerson(chosen);
  if (Object.keys(kept).length === 0) return;
  const settings = { ...remembered(element), ...kept };
  const known = { ...deviceLabels(element), ...seen };
  const inUse = [settings.videoDevice, settings.audioDevice];
  const labels = Object.fromEntries(Object.entries(known).filter(([id]) => inUse.includes(id)));
  try {
    const entry = { ...settings, ...(Object.keys(labels).length > 0 && { labels }) };
    localStorage.setItem(keyOf(element), JSON.stringify(entry));
  } catch {
    // Sandboxed frames and some private windows have no storage.
  }
}

/** Labels of the devices that the person chose, by id: browsers change ids, for instance when cookies are deleted. */
export function deviceLabels(element: { id: string }): Record<string, string> {
  const { labels } = stored(element);
  const texts = Object.entries(Object(labels) as object).filter(([, label]) => typeof label === 'string');
  return Object.fromEntries(texts) as Record<string, string>;
}

/** What the person chose before; nothing if the stored entry is missing or unreadable. */
export function remembered(element: { id: string }): Partial<Settings> {
  return ofPerson(stored(element));
}

function ofPerson(settings: Partial<Settings>): Partial<Settings> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => REMEMBERED.includes(name as SettingName)));
}

/** A page may have stored anything under that name. */
function stored(element: { id: string }): Partial<Settings> & { labels?: unknown } {
  try {
    return Object(JSON.parse(localStorage.getItem(keyOf(element)) ?? '{}')) as object;
  } catch {
    return {};
  }
}
