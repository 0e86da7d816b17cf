/** @jsxImportSource react */
import type { ReactNode } from 'react';
import type {} from 'nano-webcaster/react';

export const attributes: ReactNode = (
  <nano-webcaster
    server="https://media.example/whip"
    credentials="include"
    reconnect-max-retries="10"
    video-codec="vp8"
    degradation-preference="balanced"
    muted
    lang="de"
  >
    <p slot="failed">Sorry.</p>
  </nano-webcaster>
);

export const properties: ReactNode = (
  <nano-webcaster
    className="studio"
    streamName="studio"
    reconnectMinDelay={2}
    iceServers={[{ urls: 'stun:stun.example' }]}
    tokenProvider={() => Promise.resolve('token')}
    ref={(element) => void element?.start()}
    onbroadcast-status={({ detail }) => detail.data.message}
  />
);

// @ts-expect-error no such codec
export const wrongCodec: ReactNode = <nano-webcaster video-codec="mpeg2" />;
const onClick = (event: MouseEvent) => event.clientX;
// @ts-expect-error another event
export const wrongEvent: ReactNode = <nano-webcaster onbroadcast-status={onClick} />;
// @ts-expect-error a word is no number
export const wrongNumber: ReactNode = <nano-webcaster reconnect-max-retries="often" />;
