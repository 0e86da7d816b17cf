import type { EventName, RtcUserEvent } from '../core/events.js';

/** An event of the core, re-dispatched by the element under its name in kebab case; `detail` is the core's event. */
class CoreEvent<Name extends EventName> extends CustomEvent<RtcUserEvent<Name>> {
  constructor(event: RtcUserEvent<Name>) {
    super(kebabCase(event.name), { detail: event, bubbles: true, composed: true });
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
export class ReceivedWebRTCStatsEvent extends CoreEvent<'ReceivedWebRTCStats'> {}

type EventClass<Name extends EventName> = new (event: RtcUserEvent<Name>) => CoreEvent<Name>;

const EVENT_CLASSES: { [Name in EventName]: EventClass<Name> } = {
  SignInSuccess: SignInSuccessEvent,
  SignInError: SignInErrorEvent,
  SignOutSuccess: SignOutSuccessEvent,
  SignOutError: SignOutErrorEvent,
  SetConfigError: SetConfigErrorEvent,
  ReceivedDeviceList: ReceivedDeviceListEvent,
  GetDevicesError: GetDevicesErrorEvent,
  StartPreviewSuccess: StartPreviewSuccessEvent,
  StartPreviewError: StartPreviewErrorEvent,
  StopPreviewSuccess: StopPreviewSuccessEvent,
  StopPreviewError: StopPreviewErrorEvent,
  MuteDeviceError: MuteDeviceErrorEvent,
  CaptureStatus: CaptureStatusEvent,
  StartBroadcastSuccess: StartBroadcastSuccessEvent,
  StartBroadcastError: StartBroadcastErrorEvent,
  BroadcastStatus: BroadcastStatusEvent,
  BroadcastError: BroadcastErrorEvent,
  StopBroadcastSuccess: StopBroadcastSuccessEvent,
  StopBroadcastError: StopBroadcastErrorEvent,
  ReceivedWebRTCStats: ReceivedWebRTCStatsEvent,
};

/** The names of the core's events that the element re-dispatches: all of them. */
export const CORE_EVENTS = Object.keys(EVENT_CLASSES) as EventName[];

/** The DOM event for an event of the core. */
export function toDomEvent<Name extends EventName>(event: RtcUserEvent<Name>): CoreEvent<Name> {
  return new EVENT_CLASSES[event.name as Name](event);
}

type KebabCase<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? Rest extends Uncapitalize<Rest>
    ? `${Lowercase<First>}${KebabCase<Rest>}`
    : `${Lowercase<First>}-${KebabCase<Rest>}`
  : Text;

function kebabCase(name: string): string {
  return name
    .replace('WebRTC', 'Webrtc')
    .replace(/(?!^)[A-Z]/g, '-$&')
    .toLowerCase();
}

/** The events of `<nano-webcaster>` by their DOM names. */
export type NanoWebcasterEventMap = {
  [Name in EventName as KebabCase<Name extends 'ReceivedWebRTCStats' ? 'ReceivedWebrtcStats' : Name>]: CoreEvent<Name>;
};
