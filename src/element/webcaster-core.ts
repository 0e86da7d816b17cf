import type { BroadcastMessage, EventName, RtcUserEvent, RtcUserHandler, WebRTCResults } from '../core/api/events.js';
import type { RtcUser } from '../core/rtc-user.js';
import type { BroadcastReport } from '../core/stats/report.js';

type CoreMethod =
  | 'signIn'
  | 'setConfig'
  | 'startPreview'
  | 'stopPreview'
  | 'muteDevice'
  | 'setMediaStream'
  | 'startBroadcast'
  | 'stopBroadcast';

/** What the element needs of its core: a `RtcUser`, or an object of the page's own that behaves like one. */
export interface WebcasterCore extends Pick<RtcUser, CoreMethod> {
  /** Calls a handler for every event of that name. */
  on<Name extends EventName>(name: Name, handler: RtcUserHandler<Name>): unknown;
  /** Stops calling a handler. */
  off<Name extends EventName>(name: Name, handler: RtcUserHandler<Name>): unknown;
  /** Without it the device pickers know only what `ReceivedDeviceList` has told. */
  getDevices?(): unknown;
  /** Without it there are no statistics. */
  enableStats?(enable: boolean): unknown;
  /** The outages of the broadcast. */
  readonly report?: BroadcastReport;
}

/** What the element shows: `idle`, a message of the core's `BroadcastStatus`, or `failed`. */
export type Status = 'idle' | BroadcastMessage | 'failed';

export const STATUSES = [
  'idle',
  'signalling',
  'connected',
  'broadcasting',
  'reconnecting',
  'reconnecting_broadcast',
  'failed',
] as const satisfies readonly Status[];

/** What was measured last of the live broadcast; what is unknown is not there. */
export type Stats = WebRTCResults;

/** How well the connection carries the broadcast. */
export type Quality = NonNullable<RtcUserEvent<'ReceivedWebRTCStats'>['data']['quality']>;

type CaptureStatus = RtcUserEvent<'CaptureStatus'>['data'];

export type DeviceKind = CaptureStatus['kind'];
export type CaptureProblem = Exclude<CaptureStatus['state'], 'live'>;
