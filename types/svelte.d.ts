/**
 * The element in templates of Svelte 5: `import type {} from 'nano-webcaster/svelte'` once in a project. Svelte sets
 * properties by their names in JavaScript, attributes by their names in HTML and as text, so that booleans are bound by the
 * property's name; and it listens to `on` + the event's name.
 */
import type { HTMLAttributes } from 'svelte/elements';
import type { NanoWebcaster } from '../dist/index.js';
import type { Handlers, Properties, TemplateAttributes } from './markup.js';

type Markup = TemplateAttributes & Properties & Handlers<'on'>;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'nano-webcaster': Omit<HTMLAttributes<NanoWebcaster>, keyof Markup> & Markup;
  }
}
