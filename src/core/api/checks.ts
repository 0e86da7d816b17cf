import { RtcUserError } from './errors.js';

/** Which numbers are right: from `min` to `max`. */
export interface NumberRule {
  min: number;
  max: number;
  whole?: boolean;
}

/** Which values are right: numbers of a range, one of several words, or a type. */
export type Rule = NumberRule | readonly string[] | 'string' | 'boolean';

/** What a page has given under a name, if it is of the type that is wanted. @throws RtcUserError 1001 */
export function ofType<Type extends keyof Types>(type: Type, key: string, value: unknown): Types[Type] {
  if (typeof value === type) return value as Types[Type];
  throw new RtcUserError(1001, `${key} must be a ${type}.`);
}

interface Types {
  string: string;
  boolean: boolean;
  number: number;
  function: (...args: never) => unknown;
}

/** The same of an object that is no list. @throws RtcUserError 1001 */
export function object(key: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new RtcUserError(1001, `${key} must be an object.`);
}

/** The same of a number. @throws RtcUserError 1001 for another type, 1002 for another number */
export function number(key: string, value: unknown, { min, max, whole }: NumberRule): number {
  const given = ofType('number', key, value);
  const fits = Number.isFinite(given) && given >= min && given <= max && (!whole || Number.isInteger(given));
  if (fits) return given;
  const range = max === Infinity ? `at least ${min}` : `from ${min} to ${max}`;
  throw new RtcUserError(1002, `${key} must be a ${whole ? 'whole ' : ''}number ${range}, not ${given}.`);
}

/** The same of a word. @throws RtcUserError 1003 for another one */
export function oneOf<T>(key: string, value: T, words: readonly unknown[]): T {
  if (words.includes(value)) return value;
  throw new RtcUserError(1003, `${key} must be one of ${words.join(', ')}.`);
}

/**
 * What is given of the keys that have a rule; the others are left alone. In messages, `prefix` precedes each key.
 * @throws RtcUserError 1001 for a wrong type, 1002 for another number, 1003 for another word
 */
export function readKeys(values: object, rules: Record<string, Rule>, prefix = ''): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [key, rule] of Object.entries(rules)) {
    const value = (values as Record<string, unknown>)[key];
    if (value !== undefined) read[key] = byRule(prefix + key, value, rule);
  }
  return read;
}

function byRule(key: string, value: unknown, rule: Rule): unknown {
  if (typeof rule === 'string') return ofType(rule, key, value);
  return 'min' in rule ? number(key, value, rule) : oneOf(key, value, rule);
}
