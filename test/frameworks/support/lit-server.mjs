/**
 * Prints the element as Lit renders it on a server: with the controls if its argument is `controls`, and with that value of
 * `mediaStream` if it is `null` or `undefined`.
 */
import { render } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import { html } from 'lit';
import process from 'node:process';
import '../../../dist/index.js';

const [, , argument] = process.argv;
const markup = html`<nano-webcaster server="/whip/lit" ?controls=${argument === 'controls'}>
  <span slot="idle">Ready when you are.</span>
</nano-webcaster>`;
const unset = argument === 'null' ? null : undefined;
const withoutStream = html`<nano-webcaster .mediaStream=${unset}></nano-webcaster>`;
console.log(await collectResult(render(argument?.match(/^(null|undefined)$/) ? withoutStream : markup)));
