/** @jsxImportSource solid-js */
import type { JSX } from 'solid-js';
import type {} from 'nano-webcaster/solid';

export const markup: JSX.Element = (
  <nano-webcaster
    class="studio"
    server="https://media.example/whip"
    reconnect-max-retries={10}
    tokenProvider={() => 'token'}
    on:broadcast-status={({ detail }) => detail.data.message}
  >
    <p slot="failed">Sorry.</p>
  </nano-webcaster>
);

// @ts-expect-error no such codec
export const wrongCodec: JSX.Element = <nano-webcaster video-codec="mpeg2" />;
// @ts-expect-error no such attribute
export const wrongAttribute: JSX.Element = <nano-webcaster stream="studio" />;
