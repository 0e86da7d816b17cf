/** Whether everything is tried that a test can try (`RUNS=full`), and not what shows the usual mistakes within seconds. */
const isFull = process.env['RUNS'] === 'full';

/** How many runs a property or a model has. */
export function runs(quick: number, full: number): number {
  return isFull ? full : quick;
}

/** The numbers from `first` to `last`; in a quick run every fifth one, from another one on for every `offset`. */
export function* sweep(first: number, last: number, offset = 0): Generator<number> {
  const step = isFull ? 1 : 5;
  for (let number = first + (offset % step); number <= last; number += step) yield number;
}
