import type { EventName, RtcUserEvent } from '../core/api/events.js';
import { kebabCase } from './kebab-case.js';

/** Names that are spelt otherwise: one is an abbreviation, and `error` is an event of the DOM's own. */
const SPELLINGS = {
  ReceivedWebRTCStats: 'ReceivedWebrtcStats',
  Error: 'WebcasterError',
} as const;

/** An event of the core, re-dispatched by the element under its name in kebab case; `detail` is the core's event. */
class CoreEvent<Name extends EventName> extends CustomEvent<RtcUserEvent<Name>> {
  constructor(event: RtcUserEvent<Name>) {
    const { [event.name as string]: spelling = event.name } = SPELLINGS as Record<string, string>;
    super(kebabCase(spelling), { detail: event, bubbles: true, composed: true });
  }
}

/** The DOM event `sign-in-success`. */
export class SignInSuccessEvent extends CoreEvent<'SignInSuccess'> {}
/** The DOM event `sign-in-error`. */
export class SignInErrorEvent extends CoreEvent<'SignInError'> {}
/** The DOM event `sign-out-success`. */
export class SignOutSuccessEvent extends CoreEvent<'SignOutSuccess'> {}
/** The DOM event `sign-out-error`. */
export class SignOutErrorEvent extends CoreEvent<'SignOutError'> {}
/** The DOM event `set-config-error`. */
export class SetConfigErrorEvent extends CoreEvent<'SetConfigError'> {}
/** The DOM event `received-device-list`. */
export class ReceivedDeviceListEvent extends CoreEvent<'ReceivedDeviceList'> {}
/** The DOM event `get-devices-error`. */
export class GetDevicesErrorEvent extends CoreEvent<'GetDevicesError'> {}
/** The DOM event `start-preview-success`. */
export class StartPreviewSuccessEvent extends CoreEvent<'StartPreviewSuccess'> {}
/** The DOM event `start-preview-error`. */
export class StartPreviewErrorEvent extends CoreEvent<'StartPreviewError'> {}
/** The DOM event `stop-preview-success`. */
export class StopPreviewSuccessEvent extends CoreEvent<'StopPreviewSuccess'> {}
/** The DOM event `stop-preview-error`. */
export class StopPreviewErrorEvent extends CoreEvent<'StopPreviewError'> {}
/** The DOM event `mute-device-error`. */
export class MuteDeviceErrorEvent extends CoreEvent<'MuteDeviceError'> {}
/** The DOM event `capture-status`. */
export class CaptureStatusEvent extends CoreEvent<'CaptureStatus'> {}
/** The DOM event `start-broadcast-success`. */
export class StartBroadcastSuccessEvent extends CoreEvent<'StartBroadcastSuccess'> {}
/** The DOM event `start-broadcast-error`. */
export class StartBroadcastErrorEvent extends CoreEvent<'StartBroadcastError'> {}
/** The DOM event `broadcast-status`. */
export class BroadcastStatusEvent extends CoreEvent<'BroadcastStatus'> {}
/** The DOM event `broadcast-error`. */
export class BroadcastErrorEvent extends CoreEvent<'BroadcastError'> {}
/** The DOM event `stop-broadcast-success`. */
export class StopBroadcastSuccessEvent extends CoreEvent<'StopBroadcastSuccess'> {}
/** The DOM event `stop-broadcast-error`. */
export class StopBroadcastErrorEvent extends CoreEvent<'StopBroadcastError'> {}
/** The DOM event `received-server-stats`. */
export class ReceivedServerStatsEvent extends CoreEvent<'ReceivedServerStats'> {}
/** The DOM event `received-webrtc-stats`. */
export class ReceivedWebRTCStatsEvent extends CoreEvent<'ReceivedWebRTCStats'> {}
/** The DOM event `get-selected-device-error`. */
export class GetSelectedDeviceErrorEvent extends CoreEvent<'GetSelectedDeviceError'> {}
/** The DOM event `webcaster-error`. */
export class WebcasterErrorEvent extends CoreEvent<'Error'> {}

type KebabCase<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? Rest extends Uncapitalize<Rest>
    ? `${Lowercase<First>}${KebabCase<Rest>}`
    : `${Lowercase<First>}-${KebabCase<Rest>}`
  : Text;

type Spelling<Name> = Name extends keyof typeof SPELLINGS ? (typeof SPELLINGS)[Name] : Name;

/** The events of `<nano-webcaster>` by their DOM names. */
export type NanoWebcasterEventMap = { [Name in EventName as KebabCase<Spelling<Name>>]: CoreEvent<Name> };
