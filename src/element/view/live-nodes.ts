import type { ViewModel } from '../controls/model.js';
import type { StatusStrings } from '../strings.js';

/** Shows the seconds until the next attempt to reconnect. Renders nothing: it changes every second. */
export function showCountdown(
  root: ParentNode,
  seconds: number | null,
  { reconnect, isOffline }: Pick<ViewModel, 'reconnect' | 'isOffline'>,
  words: StatusStrings,
): void {
  const ring = root.querySelector<SVGElement>('.ring');
  const part = seconds && reconnect?.delay ? (100 * (reconnect.delay - seconds)) / reconnect.delay : null;
  ring?.classList.toggle('turning', part === null);
  ring?.style.setProperty('--gone', String(part ?? 75));
  const node = root.querySelector('.countdown');
  if (!node) return;
  const text = reconnect && !isOffline ? words.attempt(reconnect, seconds ?? 0) : '';
  if (node.textContent !== text) node.textContent = text;
}
