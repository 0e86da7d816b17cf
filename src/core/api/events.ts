import type { RtcUserError } from './errors.js';

/**
 * Why a live broadcast lost its connection: the path to the server, the server, or that the device was asleep. Nothing was
 * lost with `tracks` and `encoder`: the page chose a kind of track that the session was started without, or an encoder has
 * stalled and could not be restarted.
 */
export type LossCause = 'network' | 'server' | 'suspended' | 'tracks' | 'encoder';

/** How a lost connection is being recovered: by an ICE restart in the same session, or by a new session. */
export type RecoveryMethod = 'ice-restart' | 'new-session';

/** What is known of the reconnection under way. */
export interface ReconnectInfo {
  /** Why the connection was lost. */
  cause: LossCause;
  /** How the connection is being recovered. */
  method: RecoveryMethod;
  /** Successive new sessions tried, this one included; ICE restarts do not count, so it is 0 during the first one. */
  attempt: number;
  /** The maximum number of successive failed attempts. */
  maxRetries: number;
  /** Seconds from this event to the attempt; null while it waits for the network. */
  delay: number | null;
  /** `network` while the browser reports that it is offline. */
  waitingFor: 'network' | null;
  /** When the server was last active, in milliseconds since 1970. */
  lostAt: number;
}

/** What a broadcast is doing. */
export type BroadcastMessage = 'signalling' | 'connected' | 'broadcasting' | 'reconnecting' | 'reconnecting_broadcast';

/** v5's number for each message of a `BroadcastStatus`. */
export const BROADCAST_STATES = {
  signalling: 4,
  connected: 5,
  broadcasting: 6,
  reconnecting: 7,
  reconnecting_broadcast: 7,
} as const satisfies Record<BroadcastMessage, number>;

/** The data of `BroadcastStatus`. */
export interface BroadcastStatusData {
  /** What the broadcast is doing. */
  message: BroadcastMessage;
  /** v5's older name of `message`. */
  text: BroadcastMessage;
  /** v5's number for `message`. */
  state: (typeof BROADCAST_STATES)[BroadcastMessage];
  /** The name of the stream. */
  streamname: string;
  /** Only while `message` is `reconnecting_broadcast`. */
  reconnect?: ReconnectInfo;
}

/** The data of `StartBroadcastSuccess` and `StopBroadcastSuccess`. */
export interface BroadcastData {
  /** The RTMP target, if one is known. */
  output?: string;
  /** The name of the stream. */
  streamname?: string;
  /** The captured stream. */
  stream?: MediaStream;
}

/** A camera or microphone in the list of devices. */
export interface ListedDevice {
  /** What to show to people: the device's label. */
  id: string;
  /** What `startPreview` takes as `device`. */
  index: number;
  /** The browser's id of the device. */
  deviceId: string;
}

/** The available cameras and microphones. */
export interface DeviceList {
  /** The microphones. */
  audiodevices: ListedDevice[];
  /** The cameras. */
  videodevices: ListedDevice[];
}

/** The data of `ReceivedDeviceList`. */
export interface DeviceListData {
  /** The available devices. */
  devices: DeviceList;
  /** True where the list differs from the one before. */
  updated: boolean;
}

/** The data of `StartPreviewSuccess`. */
export interface PreviewData {
  /** What was opened, in v5's form. */
  constraints: {
    /** The microphone; missing without audio. */
    audio?: PreviewConstraints;
    /** The camera or screen; missing without video. */
    video?: PreviewConstraints & {
      /** What was captured. */
      source: 'camera' | 'screen';
    };
  };
  /** What was opened. */
  metadata: PreviewSize & {
    /** Whether audio is captured. */
    hasAudio: boolean;
    /** Whether video is captured. */
    hasVideo: boolean;
  };
  /** The captured stream. */
  stream: MediaStream;
}

/** The size and frame rate of captured video. */
export interface PreviewSize {
  /** Pixels. */
  width?: number | undefined;
  /** Pixels. */
  height?: number | undefined;
  /** Frames per second. */
  framerate?: number | undefined;
}

/** An opened device, with the size and frame rate that it delivers. */
export interface PreviewConstraints extends PreviewSize {
  /** The browser's id of the device. */
  deviceId?: string | undefined;
}

/** Every {@link CaptureState}. */
export const CAPTURE_STATES = [
  'live',
  'substituted',
  'paused',
  'silent',
  'blocked',
  'missing',
  'different',
  'stalled',
  'unsent',
] as const;

/**
 * How a device or the encoder fares.
 * - `live`: the chosen device delivers again
 * - `substituted`: another device is used instead, or the camera instead of the screen
 * - `paused`: the system has paused the device
 * - `silent`: the camera delivers black video or none, or the microphone no audio or exact silence for a minute; if it
 *   delivers nothing, it is reopened
 * - `blocked`: the person, the system or the page denies the device; a placeholder or silence is sent
 * - `missing`: no device can be opened, or a screen or a track of a custom `MediaStream` has ended; a placeholder or silence
 *   is sent
 * - `different`: the format is not the requested one, or additional audio is not sent
 * - `stalled`: the encoder encodes no frames, or no audio, and is being restarted
 * - `unsent`: no session with this kind of track was accepted, or reconnection is off: the broadcast goes on without it;
 *   reported again after every recovery without it
 */
export type CaptureState = (typeof CAPTURE_STATES)[number];

/** How a device fares. The broadcast goes on through all of it. */
export interface CaptureStatusData {
  /** Which kind of device this is about. */
  kind: 'videoinput' | 'audioinput';
  /** The condition of the device. */
  state: CaptureState;
  /** The device's label; empty where it is not known. */
  device: string;
  /** A sentence for people, in English. */
  message: string;
}

/** What can be known of a WHIP server from outside; v5's own server told more about itself. */
export interface ServerStats {
  /** The host name of the server. */
  hostname: string;
  /** The domain name of the server. */
  domainname: string;
  /** Whether it answered. */
  reachable: boolean;
}

/**
 * What is known of the media being sent, under v5's names; what a browser does not report is left out. Minima, maxima and
 * averages are over the last 10 s, other values over the last second. Numbers are rounded to hundredths.
 */
export interface WebRTCResults {
  /** kbps. */
  audioBitrate?: number;
  /** Minimum of the audio bitrate over the last 10 s, in kbps. */
  audioBitrateMin?: number;
  /** Maximum of the audio bitrate over the last 10 s, in kbps. */
  audioBitrateMax?: number;
  /** Average of the audio bitrate over the last 10 s, in kbps. */
  audioBitrateAverage?: number;
  /** Such as `opus`. */
  audioCodec?: string;
  /** kbps. */
  videoBitrate?: number;
  /** Minimum of the video bitrate over the last 10 s, in kbps. */
  videoBitrateMin?: number;
  /** Maximum of the video bitrate over the last 10 s, in kbps. */
  videoBitrateMax?: number;
  /** Average of the video bitrate over the last 10 s, in kbps. */
  videoBitrateAverage?: number;
  /** Such as `H264`. */
  videoCodec?: string;
  /** Pixels as they are sent; they change with the device, and when the browser adapts to the path. */
  frameWidth?: number;
  /** Pixels as they are sent. */
  frameHeight?: number;
  /** Frames per second. */
  framerate?: number;
  /** Minimum of the frame rate over the last 10 s, in frames per second. */
  framerateMin?: number;
  /** Maximum of the frame rate over the last 10 s, in frames per second. */
  framerateMax?: number;
  /** Average of the frame rate over the last 10 s, in frames per second. */
  framerateAverage?: number;
  /** Milliseconds that packets wait before they are sent; not in Firefox. */
  videoSendDelay?: number;
  /** Maximum of the send delay over the last 10 s, in milliseconds. */
  videoSendDelayMax?: number;
  /** Average of the send delay over the last 10 s, in milliseconds. */
  videoSendDelayAverage?: number;
  /** Percent of the packets of the last 10 s that the server reports as lost. */
  packetLoss?: number;
  /** Milliseconds. */
  roundTripTime?: number;
  /**
   * Why the browser reduced the video for at least 8 of the last 10 s: `bandwidth` for the network, `cpu` for this device.
   * `bandwidth` is not reported in the first 20 s after a start or recovery, nor while the video bitrate rises.
   * Absent if nothing is reduced; not in Firefox. Source: `RTCOutboundRtpStreamStats`, https://w3c.github.io/webrtc-stats/
   */
  qualityLimitationReason?: QualityLimitationReason;
}

/** Why a browser reduces resolution or frame rate of the video. */
export type QualityLimitationReason = 'bandwidth' | 'cpu' | 'other';

/** How well the connection carries a broadcast. */
export type Quality = 'good' | 'medium' | 'bad';

/** Pixels as they are sent. */
export interface FrameSize {
  /** Pixels. */
  frameWidth: number;
  /** Pixels. */
  frameHeight: number;
}

/** Statistics of the connection in both of v5's forms: `results` is there twice. */
export interface WebRTCStatsData {
  /** Statistics exist only while broadcasting. */
  message: 'broadcasting';
  /** The statistics. */
  results: WebRTCResults;
  /** Undefined while neither loss nor round-trip time is known. */
  quality: Quality | undefined;
  /** Only if the video has changed its size: the one before. Some phones then need another start. */
  resizedFrom?: FrameSize;
  /** The statistics in v5's older form. */
  stats: {
    /** The same statistics. */
    results: WebRTCResults;
    /** v5's number for `broadcasting`. */
    state: 6;
    /** The name of the stream. */
    streamname: string;
    /** v5's older name of `message`. */
    text: 'broadcasting';
  };
}

/** v5's older way to hand over an error, beside `event.error`. */
export interface ErrorData {
  /** v5's older name of `message`. */
  error: string;
  /** v5's older name of `message`. */
  text: string;
  /** What failed, for developers. */
  message: string;
  /** The number of the error. */
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

/** The name of an event that has an `error`. */
export type ErrorEventName = (typeof ERROR_EVENTS)[number];
/** The name of an event of `RtcUser`. */
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
 * - `data`: what that event carries
 * - `error`: a `RtcUserError`, if the name ends with `Error`
 * - `target`: the user whose event it is
 */
export type RtcUserEvent<Name extends EventName = EventName> = Name extends keyof SuccessData
  ? SuccessEvent<Name>
  : Name extends ErrorEventName
    ? ErrorEvent<Name>
    : never;

/** A function that receives the event `Name`. */
export type RtcUserHandler<Name extends EventName = EventName> = (event: RtcUserEvent<Name>) => void;

/** The error event `name` in both of v5's forms. */
export function errorEvent<Name extends ErrorEventName>(name: Name, error: RtcUserError): RtcUserEvent<Name> {
  const { message, code } = error;
  return { name, error, data: { error: message, text: message, message, code } } as unknown as RtcUserEvent<Name>;
}
