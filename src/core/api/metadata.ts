import { object, ofType, oneOf } from './checks.js';
import { RtcUserError } from './errors.js';

const HANDLERS = ['onMetaData', 'onCuePoint'];
const MAX_LEVELS = 6;

/**
 * Checks what `sendMetaData` was given.
 * @throws RtcUserError 1001 for a wrong type, 1002 for too many levels, 1003 for another handler
 */
export function checkMetaData(handlerName: unknown, values: unknown): void {
  oneOf('handlerName', ofType('string', 'handlerName', handlerName), HANDLERS);
  if (isDeeperThan(MAX_LEVELS, object('jsonValues', values))) {
    throw new RtcUserError(1002, `jsonValues must have at most ${MAX_LEVELS} levels.`);
  }
}

/** Also of what contains itself. */
function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(levels - 1, part));
}
