import type { RtcUserError } from './errors.js';

/**
 * Why a live broadcast lost its connection: the path to the server, the server, or that the device was asleep. `tracks`
 * where nothing was lost: the page chose a kind of track that the session was begun without.
 */
export type LossCause = 'network' | 'server' | 'suspended' | 'tracks';

/** How a lost connection is being brought back: by an ICE restart in the same session, or by a new session. */
export type RecoveryMethod = 'ice-restart' | 'new-session';

/** What is known of the reconnection under way. */
export interface ReconnectInfo {
  cause: LossCause;
  method: RecoveryMethod;
  /** Successive new sessions tried, this one included; ICE restarts do not count, so it is 0 during the first one. */
  attempt: number;
  maxRetries: number;
  /** Seconds from this event to the attempt; null while it waits for the network. */
  delay: number | null;
  /** `network` while the browser reports that it is offline. */
  waitingFor: 'network' | null;
  /** When the server was last active, in milliseconds since 1970. */
  lostAt: number;
}

export type BroadcastMessage = 'signalling' | 'connected' | 'broadcasting' | 'reconnecting' | 'reconnecting_broadcast';

/** v5's number for each message of a `BroadcastStatus`. */
export const BROADCAST_STATES = {
  signalling: 4,
  connected: 5,
  broadcasting: 6,
  reconnecting: 7,
  reconnecting_broadcast: 7,
} as const satisfies Record<BroadcastMessage, number>;

export interface BroadcastStatusData {
  message: BroadcastMessage;
  /** v5's older name of `message`. */
  text: BroadcastMessage;
  state: (typeof BROADCAST_STATES)[BroadcastMessage];
  streamname: string;
  /** Only while `message` is `reconnecting_broadcast`. */
  reconnect?: ReconnectInfo;
}

export interface BroadcastData {
  /** The RTMP target, where one is known. */
  output?: string;
  streamname?: string;
  stream?: MediaStream;
}

export interface ListedDevice {
  /** What to show to people: the device's label. */
  id: string;
  /** What `startPreview` takes as `device`. */
  index: number;
  deviceId: string;
}

export interface DeviceList {
  audiodevices: ListedDevice[];
  videodevices: ListedDevice[];
}

export interface DeviceListData {
  devices: DeviceList;
  /** True where the list differs from the one before. */
  updated: boolean;
}

export interface PreviewData {
  constraints: { audio?: PreviewConstraints; video?: PreviewConstraints & { source: 'camera' | 'screen' } };
  metadata: PreviewSize & { hasAudio: boolean; hasVideo: boolean };
  stream: MediaStream;
}

export interface PreviewSize {
  width?: number | undefined;
  height?: number | undefined;
  framerate?: number | undefined;
}

export interface PreviewConstraints extends PreviewSize {
  deviceId?: string | undefined;
}

/**
 * - `live`: what was chosen is captured again
 * - `substituted`: another device took its place, or the camera that of the screen
 * - `paused`: the system took the device away for now
 * - `silent`: the camera delivers a black picture or none; where none comes, it is opened anew behind a still picture
 * - `missing`: no device is left, or a page's own track has ended; a still picture or silence is sent
 * - `different`: what opened is not what was wished for, or sound from outside is not heard
 */
export type CaptureState = 'live' | 'substituted' | 'paused' | 'silent' | 'missing' | 'different';

/** How a device fares. The broadcast goes on through all of it. */
export interface CaptureStatusData {
  kind: 'videoinput' | 'audioinput';
  state: CaptureState;
  /** The device's label; empty where it is not known. */
  device: string;
  /** A sentence for people, in English. */
  message: string;
}

/** What can be known of a WHIP server from outside; v5's own server told more about itself. */
export interface ServerStats {
  hostname: string;
  domainname: string;
  /** Whether it answered. */
  reachable: boolean;
}

/**
 * What is known of the media being sent, under v5's names; what a browser does not tell is left out. Minima, maxima and
 * averages are over the last 10 s, other values over the last second. Numbers are rounded to hundredths.
 */
export interface WebRTCResults {
  /** kbps. */
  audioBitrate?: number;
  audioBitrateMin?: number;
  audioBitrateMax?: number;
  audioBitrateAverage?: number;
  /** Such as `opus`. */
  audioCodec?: string;
  /** kbps. */
  videoBitrate?: number;
  videoBitrateMin?: number;
  videoBitrateMax?: number;
  videoBitrateAverage?: number;
  /** Such as `H264`. */
  videoCodec?: string;
  /** Pixels as they are sent; they change with the device, and where the browser adapts to the path. */
  frameWidth?: number;
  frameHeight?: number;
  /** Frames per second. */
  framerate?: number;
  framerateMin?: number;
  framerateMax?: number;
  framerateAverage?: number;
  /** Milliseconds that packets wait before they are sent; not in Firefox. */
  videoSendDelay?: number;
  videoSendDelayMax?: number;
  videoSendDelayAverage?: number;
  /** Percent of the packets of the last 10 s that the server reports as lost. */
  packetLoss?: number;
  /** Milliseconds. */
  roundTripTime?: number;
}

/** How well the connection carries a broadcast. */
export type Quality = 'good' | 'medium' | 'bad';

/** Pixels as they are sent. */
export interface FrameSize {
  frameWidth: number;
  frameHeight: number;
}

/** Statistics of the connection in both of v5's forms: `results` stands in two places. */
export interface WebRTCStatsData {
  message: 'broadcasting';
  results: WebRTCResults;
  /** Undefined while neither loss nor round-trip time is known. */
  quality: Quality | undefined;
  /** Only where the picture is sent in another size than was told before: the one before. Some phones then need another start. */
  resizedFrom?: FrameSize;
  stats: { results: WebRTCResults; state: 6; streamname: string; text: 'broadcasting' };
}

/** v5's older way to hand over an error, beside `event.error`. */
export interface ErrorData {
  error: string;
  text: string;
  message: string;
  code: number;
}

/** The `data` of every event that is not an error. */
interface SuccessData {
  SignInSuccess: { server: string; userId: string };
  SignOutSuccess: Record<string, never>;
  ReceivedDeviceList: DeviceListData;
  StartPreviewSuccess: PreviewData;
  StopPreviewSuccess: Record<string, never>;
  CaptureStatus: CaptureStatusData;
  StartBroadcastSuccess: BroadcastData;
  BroadcastStatus: BroadcastStatusData;
  StopBroadcastSuccess: BroadcastData;
  ReceivedServerStats: { stats: ServerStats };
  ReceivedWebRTCStats: WebRTCStatsData;
}

/** Every event that carries an `error`. */
export const ERROR_EVENTS = [
  'SignInError',
  'SignOutError',
  'SetConfigError',
  'GetDevicesError',
  'GetSelectedDeviceError',
  'StartPreviewError',
  'StopPreviewError',
  'MuteDeviceError',
  'StartBroadcastError',
  'BroadcastError',
  'StopBroadcastError',
  'Error',
] as const;

/** Every event that carries `data` alone. */
export const SUCCESS_EVENTS = [
  'SignInSuccess',
  'SignOutSuccess',
  'ReceivedDeviceList',
  'StartPreviewSuccess',
  'StopPreviewSuccess',
  'CaptureStatus',
  'StartBroadcastSuccess',
  'BroadcastStatus',
  'StopBroadcastSuccess',
  'ReceivedServerStats',
  'ReceivedWebRTCStats',
] as const satisfies readonly (keyof SuccessData)[];

export type ErrorEventName = (typeof ERROR_EVENTS)[number];
export type EventName = ErrorEventName | keyof SuccessData;

interface AnyEvent<Name extends EventName> {
  name: Name;
  /** The user whose event it is. */
  target?: unknown;
}

interface SuccessEvent<Name extends keyof SuccessData> extends AnyEvent<Name> {
  data: SuccessData[Name];
}

interface ErrorEvent<Name extends ErrorEventName> extends AnyEvent<Name> {
  data: ErrorData;
  error: RtcUserError;
}

/**
 * The one object that a handler of the event `Name` gets.
 * - `name`: the event's name
 * - `data`: what that event tells
 * - `error`: a `RtcUserError`, where the name ends with `Error`
 * - `target`: the user whose event it is
 */
export type RtcUserEvent<Name extends EventName = EventName> = Name extends keyof SuccessData
  ? SuccessEvent<Name>
  : Name extends ErrorEventName
    ? ErrorEvent<Name>
    : never;

export type RtcUserHandler<Name extends EventName = EventName> = (event: RtcUserEvent<Name>) => void;

/** The error event `name` in both of v5's forms. */
export function errorEvent<Name extends ErrorEventName>(name: Name, error: RtcUserError): RtcUserEvent<Name> {
  const { message, code } = error;
  return { name, error, data: { error: message, text: message, message, code } } as unknown as RtcUserEvent<Name>;
}
