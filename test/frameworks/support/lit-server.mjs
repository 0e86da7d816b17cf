/** Prints the element as Lit renders it on a server. */
import { render } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import { html } from 'lit';
import '../../../dist/index.js';

console.log(
  await collectResult(
    render(
      html`<nano-webcaster server="/whip/lit" controls><span slot="idle">Ready when you are.</span></nano-webcaster>`,
    ),
  ),
);
