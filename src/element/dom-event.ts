import type { EventName, RtcUserEvent } from '../core/api/events.js';
import {
  BroadcastErrorEvent,
  BroadcastStatusEvent,
  CaptureStatusEvent,
  GetDevicesErrorEvent,
  GetSelectedDeviceErrorEvent,
  MuteDeviceErrorEvent,
  ReceivedDeviceListEvent,
  ReceivedServerStatsEvent,
  ReceivedWebRTCStatsEvent,
  SetConfigErrorEvent,
  SignInErrorEvent,
  SignInSuccessEvent,
  SignOutErrorEvent,
  SignOutSuccessEvent,
  StartBroadcastErrorEvent,
  StartBroadcastSuccessEvent,
  StartPreviewErrorEvent,
  StartPreviewSuccessEvent,
  StopBroadcastErrorEvent,
  StopBroadcastSuccessEvent,
  StopPreviewErrorEvent,
  StopPreviewSuccessEvent,
  WebcasterErrorEvent,
} from './events.js';

type EventClass<Name extends EventName> = new (event: RtcUserEvent<Name>) => CustomEvent<RtcUserEvent<Name>>;

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
  ReceivedServerStats: ReceivedServerStatsEvent,
  ReceivedWebRTCStats: ReceivedWebRTCStatsEvent,
  GetSelectedDeviceError: GetSelectedDeviceErrorEvent,
  Error: WebcasterErrorEvent,
};

/** The names of the core's events that the element re-dispatches: all of them. */
export const CORE_EVENTS = Object.keys(EVENT_CLASSES) as EventName[];

/** The DOM event for an event of the core. */
export function toDomEvent<Name extends EventName>(event: RtcUserEvent<Name>): CustomEvent<RtcUserEvent<Name>> {
  return new EVENT_CLASSES[event.name as Name](event);
}
