/**
 * The element in JSX of React 19: `import type {} from 'nano-webcaster/react'` once in a project. React sets properties
 * by their names in JavaScript, attributes by their names in HTML, and listens to `on` + the event's name.
 */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { NanoWebcaster } from '../dist/index.js';
import type { Attributes, Handlers, Properties } from './markup.js';

type Markup = Attributes & Properties & Handlers<'on'>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'nano-webcaster': DetailedHTMLProps<Omit<HTMLAttributes<NanoWebcaster>, keyof Markup>, NanoWebcaster> & Markup;
    }
  }
}
