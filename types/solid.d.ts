/**
 * The element in JSX of Solid: `import type {} from 'nano-webcaster/solid'` once in a project. Solid sets what changes
 * as properties, and listens to `on:` + the event's name.
 */
import type { NanoWebcaster } from '../dist/index.js';
import type { Attributes, Handlers, Properties } from './markup.js';

type Markup = Attributes & Properties & Handlers<'on:'>;

// Where Solid declares its JSX; 'solid-js' only hands it on.
declare module 'solid-js/jsx-runtime' {
  namespace JSX {
    interface IntrinsicElements {
      'nano-webcaster': Omit<JSX.HTMLAttributes<NanoWebcaster>, keyof Markup> & Markup;
    }
  }
}
