/**
 * The element in templates of Svelte 5: `import type {} from 'nano-webcaster/svelte'` once in a project. Svelte sets
 * properties by their names in JavaScript, attributes by their names in HTML, and listens to `on` + the event's name.
 */
import type { HTMLAttributes } from 'svelte/elements';
import type { NanoWebcaster } from '../dist/index.js';
import type { Attributes, Handlers, Properties } from './markup.js';

type Markup = Attributes & Properties & Handlers<'on'>;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'nano-webcaster': Omit<HTMLAttributes<NanoWebcaster>, keyof Markup> & Markup;
  }
}
