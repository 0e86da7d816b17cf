/** Prints the element as Lit renders it on a server, with the controls if its argument is `controls`. */
import { render } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import { html } from 'lit';
import process from 'node:process';
import '../../../dist/index.js';

const hasControls = process.argv[2] === 'controls';
const markup = html`<nano-webcaster server="/whip/lit" ?controls=${hasControls}>
  <span slot="idle">Ready when you are.</span>
</nano-webcaster>`;
console.log(await collectResult(render(markup)));
