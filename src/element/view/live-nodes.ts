import type { ViewModel } from '../controls/model.js';
import type { StatusStrings } from '../strings.js';

/** Shows the seconds until the next attempt to reconnect. Renders nothing: it changes every second. */
export function showCountdown(
  root: ParentNode,
  seconds: number | null,
  { reconnect }: ViewModel,
  words: StatusStrings,
): void {
  const node = root.querySelector('.countdown');
  if (!node) return;
  const text = reconnect ? words.attempt(reconnect, seconds ?? 0) : '';
  if (node.textContent !== text) node.textContent = text;
}
