/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact';
import type {} from 'nano-webcaster/preact';

export const markup: ComponentChildren = (
  <nano-webcaster
    class="studio"
    server="https://media.example/whip"
    reconnect-max-retries="10"
    streamName="studio"
    onbroadcast-status={({ detail }) => detail.data.message}
  >
    <p slot="failed">Sorry.</p>
  </nano-webcaster>
);

// @ts-expect-error no such codec
export const wrongCodec: ComponentChildren = <nano-webcaster video-codec="mpeg2" />;
const onClick = (event: MouseEvent) => event.clientX;
// @ts-expect-error another event
export const wrongEvent: ComponentChildren = <nano-webcaster onbroadcast-status={onClick} />;
