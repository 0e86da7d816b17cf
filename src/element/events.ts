import type { EventName, RtcUserEvent } from '../core/api/events.js';

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

export class SignInSuccessEvent extends CoreEvent<'SignInSuccess'> {}
export class SignInErrorEvent extends CoreEvent<'SignInError'> {}
export class SignOutSuccessEvent extends CoreEvent<'SignOutSuccess'> {}
export class SignOutErrorEvent extends CoreEvent<'SignOutError'> {}
export class SetConfigErrorEvent extends CoreEvent<'SetConfigError'> {}
export class ReceivedDeviceListEvent extends CoreEvent<'ReceivedDeviceList'> {}
export class GetDevicesErrorEvent extends CoreEvent<'GetDevicesError'> {}
export class StartPreviewSuccessEvent extends CoreEvent<'StartPreviewSuccess'> {}
export class StartPreviewErrorEvent extends CoreEvent<'StartPreviewError'> {}
export class StopPreviewSuccessEvent extends CoreEvent<'StopPreviewSuccess'> {}
export class StopPreviewErrorEvent extends CoreEvent<'StopPreviewError'> {}
export class MuteDeviceErrorEvent extends CoreEvent<'MuteDeviceError'> {}
export class CaptureStatusEvent extends CoreEvent<'CaptureStatus'> {}
export class StartBroadcastSuccessEvent extends CoreEvent<'StartBroadcastSuccess'> {}
export class StartBroadcastErrorEvent extends CoreEvent<'StartBroadcastError'> {}
export class BroadcastStatusEvent extends CoreEvent<'BroadcastStatus'> {}
export class BroadcastErrorEvent extends CoreEvent<'BroadcastError'> {}
export class StopBroadcastSuccessEvent extends CoreEvent<'StopBroadcastSuccess'> {}
export class StopBroadcastErrorEvent extends CoreEvent<'StopBroadcastError'> {}
export class ReceivedServerStatsEvent extends CoreEvent<'ReceivedServerStats'> {}
export class ReceivedWebRTCStatsEvent extends CoreEvent<'ReceivedWebRTCStats'> {}
export class GetSelectedDeviceErrorEvent extends CoreEvent<'GetSelectedDeviceError'> {}
export class WebcasterErrorEvent extends CoreEvent<'Error'> {}

type KebabCase<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? Rest extends Uncapitalize<Rest>
    ? `${Lowercase<First>}${KebabCase<Rest>}`
    : `${Lowercase<First>}-${KebabCase<Rest>}`
  : Text;

function kebabCase(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();
}

type Spelling<Name> = Name extends keyof typeof SPELLINGS ? (typeof SPELLINGS)[Name] : Name;

/** The events of `<nano-webcaster>` by their DOM names. */
export type NanoWebcasterEventMap = { [Name in EventName as KebabCase<Spelling<Name>>]: CoreEvent<Name> };
