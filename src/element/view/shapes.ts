/** The element's own icons: filled shapes on a square of 24, with lines two units wide. */

import type { Settings } from '../attributes.js';

/** Paths: what is filled, and what is drawn as a line. */
export type Shape = readonly [fill: string, line?: string];

export const microphone: Shape = [
  'M12 2a4 4 0 0 1 4 4v5a4 4 0 0 1-8 0V6a4 4 0 0 1 4-4Z',
  'M5 11a7 7 0 0 0 14 0M12 18v3M8.5 21.5h7',
];
export const camera: Shape = [
  'M4 6h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2ZM16.5 10.8l4-2.6a1 1 0 0 1 1.5.8v6a1 1 0 0 1-1.5.8l-4-2.6Z',
];
export const screen: Shape = [
  'M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Zm8 3-4 4h2.7v3.5h2.6V11H16ZM7 19h10v2H7Z',
];
export const warning: Shape = [
  'M12 2.5a1.5 1.5 0 0 1 1.3.8l9 16A1.5 1.5 0 0 1 21 21.5H3a1.5 1.5 0 0 1-1.3-2.2l9-16A1.5 1.5 0 0 1 12 2.5ZM11 9v5.5h2V9ZM11 16.5v2h2v-2Z',
];
export const blocked: Shape = ['', 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM5.7 5.7l12.6 12.6'];

/** What is asked for. */
export function ofRequest({ source, videoDevice }: Pick<Settings, 'source' | 'videoDevice'>): Shape {
  if (source === 'screen') return screen;
  return videoDevice === 'none' ? microphone : camera;
}
