/** What the checkers of Vue's and Svelte's templates take for the element. */
import type { SvelteHTMLElements } from 'svelte/elements';
import type { GlobalComponents } from 'vue';
import type {} from 'nano-webcaster/svelte';
import type {} from 'nano-webcaster/vue';

type InVue = InstanceType<GlobalComponents['nano-webcaster']>['$props'];
type InSvelte = SvelteHTMLElements['nano-webcaster'];

export const inVue: InVue = {
  server: 'https://media.example/whip',
  'reconnect-max-retries': '10',
  streamName: 'studio',
  videoMuted: false,
  'no-preview': '',
  'no-wake-lock': null,
  class: 'studio',
  onBroadcastStatus: ({ detail }) => detail.data.message,
};

export const inSvelte: InSvelte = {
  server: 'https://media.example/whip',
  'reconnect-max-retries': '10',
  streamName: 'studio',
  videoMuted: false,
  'no-preview': '',
  'no-wake-lock': null,
  class: 'studio',
  'onbroadcast-status': ({ detail }) => detail.data.message,
};

// @ts-expect-error no such codec
export const wrongInVue: InVue = { videoCodec: 'mpeg2' };
// @ts-expect-error no such codec
export const wrongInSvelte: InSvelte = { 'video-codec': 'mpeg2' };
// @ts-expect-error would be written as a text, which is on
export const offInVue: InVue = { 'video-muted': false };
// @ts-expect-error would be written as a text, which is on
export const offInSvelte: InSvelte = { 'video-muted': false };
// @ts-expect-error no such event
export const wrongEvent: InSvelte = { 'onbroadcast-state': () => undefined };
