/** What the manifest knows of the element, for the scripts that write it down for people and for editors. */
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../custom-elements.json', import.meta.url), 'utf8'));

export const element = manifest.modules
  .flatMap(({ declarations }) => declarations)
  .find(({ customElement }) => customElement);

export const properties = element.members.filter(({ kind }) => kind === 'field');
export const methods = element.members.filter(({ kind, static: isStatic }) => kind === 'method' && !isStatic);
export const { attributes } = element;

/** The core's name of an event of the element: `Error` has another one in the DOM, where that is taken. */
export const coreName = ({ type }) => type.text.replace(/Event$/, '').replace('WebcasterError', 'Error');
