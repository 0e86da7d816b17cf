import { expect } from '@open-wc/testing';
import type {
  BroadcastStatusEvent,
  DeviceList,
  NanoWebcaster,
  ReconnectInfo,
  RtcUserError,
  Status,
  StartPreviewSuccessEvent,
  OwnStrings,
  Stats,
  VideoCodec,
  WebcasterCore,
} from '../../src/index.js';

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

/** Only compiles where `One` and `Other` are the same type. */
function same<One, Other>(..._proof: Same<One, Other> extends true ? [] : [never]): void {
  // Nothing to do at run time.
}

/** Only compiles for a value of this type. */
function takes<Type>(_value: Type): void {
  // Nothing to do at run time.
}

/** Never called: `tsc -p test` is what checks it. */
export function listeners(el: NanoWebcaster): void {
  el.addEventListener('broadcast-status', (event) => {
    takes<'BroadcastStatus'>(event.detail.name);
    takes<ReconnectInfo | undefined>(event.detail.data.reconnect);
    // @ts-expect-error a status carries no error
    void event.detail.error;
  });
  el.addEventListener('broadcast-error', ({ detail }) => takes<RtcUserError>(detail.error));
  el.addEventListener('start-preview-success', ({ detail }) => takes<MediaStream>(detail.data.stream));
  el.addEventListener('received-device-list', ({ detail }) => takes<DeviceList>(detail.data.devices));
  el.addEventListener('click', ({ clientX }) => clientX, { once: true });
  // @ts-expect-error this is another event's class
  el.addEventListener('broadcast-status', (_event: StartPreviewSuccessEvent) => undefined);

  const listener = (_event: BroadcastStatusEvent) => undefined;
  el.addEventListener('broadcast-status', listener, { passive: true });
  el.removeEventListener('broadcast-status', listener);
  // @ts-expect-error it listens to another event
  el.removeEventListener('broadcast-error', listener);

  // They bubble, so any element around hears them.
  document.body.addEventListener('broadcast-status', ({ detail }) => takes<'BroadcastStatus'>(detail.name));
  document.addEventListener('broadcast-status', ({ detail }) => takes<'BroadcastStatus'>(detail.name));
}

/** Never called: `tsc -p test` is what checks it. */
export function properties(el: NanoWebcaster): void {
  same<typeof el.status, Status>();
  same<typeof el.error, RtcUserError | null>();
  same<typeof el.reconnectMaxRetries, number>();
  same<typeof el.source, 'camera' | 'screen'>();
  same<typeof el.videoCodec, VideoCodec>();
  same<ReturnType<typeof el.start>, Promise<void>>();
  same<typeof el.strings, OwnStrings>();
  same<typeof el.stats, Stats | null>();
  el.tokenProvider = () => Promise.resolve('token');
  el.tokenProvider = () => 'token';
  el.mediaStream = null;
  // @ts-expect-error it is read-only
  el.status = 'idle';
  // @ts-expect-error it is read-only
  el.error = null;
  // @ts-expect-error it is read-only
  el.devices = { audiodevices: [], videodevices: [] };
  // @ts-expect-error not one of the codecs
  el.videoCodec = 'mpeg2';
  // @ts-expect-error a property is a number
  el.width = '640';
}

/** Never called: `tsc -p test` is what checks it. */
export function ownCore(el: NanoWebcaster, core: Omit<WebcasterCore, 'on' | 'off'>): void {
  const events = {
    on() {
      return this;
    },
    off() {
      return this;
    },
  };
  el.core = { ...core, ...events };
}

/** Never called: `tsc -p test` is what checks it. */
export function elements(): void {
  takes<NanoWebcaster>(document.createElement('nano-webcaster'));
  takes<NanoWebcaster | null>(document.querySelector('nano-webcaster'));
}

describe('<nano-webcaster> types', () => {
  it('are checked by tsc, and this file loads', () => {
    expect([listeners, properties, ownCore, elements]).to.have.length(4);
  });
});
