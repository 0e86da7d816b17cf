/**
 * The element's own icons: filled shapes on a square of 24, with lines two units wide. One constant for each, so that a
 * bundle has only those that it shows.
 */

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
export const settings: Shape = [
  'M10 2h4l.5 2.6 1.9 1.1 2.5-.9 2 3.4-2 1.8v2l2 1.8-2 3.4-2.5-.9-1.9 1.1L14 22h-4l-.5-2.6-1.9-1.1-2.5.9-2-3.4 2-1.8v-2l-2-1.8 2-3.4 2.5.9 1.9-1.1Zm2 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z',
];
export const close: Shape = ['', 'M6 6l12 12M18 6L6 18'];
export const more: Shape = ['', 'M7 10l5 5 5-5'];
export const flip: Shape = ['M2 9l4-5 4 5ZM22 15l-4 5-4-5Z', 'M6 8v5a4 4 0 0 0 4 4h1M18 16v-5a4 4 0 0 0-4-4h-1'];
export const warning: Shape = [
  'M12 2.5a1.5 1.5 0 0 1 1.3.8l9 16A1.5 1.5 0 0 1 21 21.5H3a1.5 1.5 0 0 1-1.3-2.2l9-16A1.5 1.5 0 0 1 12 2.5ZM11 9v5.5h2V9ZM11 16.5v2h2v-2Z',
];
export const blocked: Shape = ['', 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM5.7 5.7l12.6 12.6'];

/** What is asked for. */
export function ofRequest({ source, videoDevice }: Pick<Settings, 'source' | 'videoDevice'>): Shape {
  if (source === 'screen') return screen;
  return videoDevice === 'none' ? microphone : camera;
}
