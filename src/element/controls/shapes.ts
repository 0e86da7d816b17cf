/** The icons that only the controls show; what the element shows too is in `icons.ts`. */

import type { Shape } from '../view/shapes.js';

export const settings: Shape = [
  'M10 2h4l.5 2.6 1.9 1.1 2.5-.9 2 3.4-2 1.8v2l2 1.8-2 3.4-2.5-.9-1.9 1.1L14 22h-4l-.5-2.6-1.9-1.1-2.5.9-2-3.4 2-1.8v-2l-2-1.8 2-3.4 2.5.9 1.9-1.1Zm2 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z',
];
export const close: Shape = ['', 'M6 6l12 12M18 6L6 18'];
export const more: Shape = ['', 'M7 10l5 5 5-5'];
export const flip: Shape = ['M2 9l4-5 4 5ZM22 15l-4 5-4-5Z', 'M6 8v5a4 4 0 0 0 4 4h1M18 16v-5a4 4 0 0 0-4-4h-1'];
