import type { Shape } from '../table.js';

const TYPES: Record<string, (value: unknown) => boolean> = {
  any: () => true,
  string: (value) => typeof value === 'string',
  text: (value) => typeof value === 'string' && value !== '',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
};

/** Where a value does not have a shape, and how; nothing where it does. */
export function misfits(value: unknown, shape: Shape, path = 'it'): string[] {
  if (typeof shape === 'string' && shape in TYPES) {
    return TYPES[shape]?.(value) ? [] : [`${path} is ${JSON.stringify(value)}, no ${shape}`];
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value) || (value.length === 0) !== (shape.length === 0))
      return [`${path} is ${JSON.stringify(value)}`];
    return value.flatMap((entry, index) => misfits(entry, shape[0], `${path}[${index}]`));
  }
  if (shape === null || typeof shape !== 'object') {
    return value === shape ? [] : [`${path} is ${JSON.stringify(value)}, not ${JSON.stringify(shape)}`];
  }
  if (typeof value !== 'object' || value === null) return [`${path} is ${JSON.stringify(value)}, no object`];
  const parts = value as Record<string, unknown>;
  return Object.entries(shape).flatMap(([key, part]) => {
    const name = key.replace('?', '');
    if (key.endsWith('?') && parts[name] === undefined) return [];
    return misfits(parts[name], part, `${path}.${name}`);
  });
}
