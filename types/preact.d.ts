/**
 * The element in JSX of Preact: `import type {} from 'nano-webcaster/preact'` once in a project. Preact sets properties
 * by their names in JavaScript, attributes by their names in HTML, and listens to `on` + the event's name.
 */
import type { HTMLAttributes } from 'preact';
import type { NanoWebcaster } from '../dist/index.js';
import type { Attributes, Handlers, Properties } from './markup.js';

type Markup = Attributes & Properties & Handlers<'on'>;

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'nano-webcaster': Omit<HTMLAttributes<NanoWebcaster>, keyof Markup> & Markup;
    }
  }
}
