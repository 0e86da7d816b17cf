import type { ErrorCode } from '../core/api/errors.js';
import type { LossCause, ReconnectInfo } from '../core/api/events.js';
import type { CaptureProblem, DeviceKind, Quality, Status } from './webcaster-core.js';

/** Errors of the browser's own that have a sentence of their own; `blocked-by-system` is a `NotAllowedError` too. */
export type CaptureErrorName =
  | 'NotAllowedError'
  | 'NotReadableError'
  | 'NotFoundError'
  | 'OverconstrainedError'
  | 'AbortError'
  | 'blocked-by-system';

/** What prevented a connection and has a sentence of its own: no network, no WHIP endpoint at the address, or a missing file. */
export type ConnectionProblem = 'offline' | 'wrong-address' | 'not-loaded';

/** Which of the headlines a failure has. */
export type Failure = 'start' | 'ended' | 'devices' | 'blocked' | 'blockedAudio' | 'blockedVideo' | 'screen' | 'setup';

/** The text of the element, with and without its controls. */
export interface StatusStrings extends Record<Exclude<Status, 'failed'>, string> {
  /** The direction that the language is written in. */
  dir: 'ltr' | 'rtl';
  /** Before a broadcast. */
  idle: string;
  /** While the browser asks for camera and microphone. */
  requesting: string;
  /** While the server is asked for a session. */
  signalling: string;
  /** Once the connection is up, until the server acknowledges media. */
  connected: string;
  /** While live. */
  broadcasting: string;
  /** While the server reconnects its RTMP output. */
  reconnecting: string;
  /** While a lost broadcast reconnects, below one of the headlines in `causes`. */
  reconnecting_broadcast: string;
  /** The label of the preview. */
  preview: string;
  /** `requesting` where no camera is wanted. */
  requestingAudio: string;
  /** `requesting` where no microphone is wanted. */
  requestingVideo: string;
  /** `requesting` where the browser asks which screen or window to share. */
  requestingScreen: string;
  /** The status in one or two words, for the pill. */
  pill: Record<'off' | 'connecting' | 'reconnecting' | 'output', string>;
  /** After a broadcast that was ended; the duration is as on a clock. */
  ended: (duration: string) => string;
  /** The headline while reconnecting. */
  causes: Record<LossCause, string>;
  /** While the browser is offline. */
  offline: string;
  /** Detail while reconnecting: the attempt under way, and the seconds until it starts; 0 once it has started. */
  attempt: (reconnect: ReconnectInfo, seconds: number) => string;
  /** The headline of a failure. */
  failures: Record<Failure, string>;
  /** What to do about a failure, by the code of the error, or by what caused it. */
  errors: Record<ErrorCode | CaptureErrorName | ConnectionProblem, string>;
  /**
   * What has become of a camera or microphone; `device` is the label of the one in use, if it is known. `ended` is a track of
   * a custom `MediaStream`.
   */
  capture: Record<CaptureProblem | 'ended', (kind: DeviceKind, device: string) => string>;
  /** If the sharing of the screen ended and there is no camera to go back to. */
  screenEnded: string;
  /** Tries again after a failure. */
  retry: string;
  /** Opens the technical text of a failure. */
  details: string;
  /** Shown if the module of the controls could not be loaded. */
  controlsMissing: string;
}

/** Where a browser keeps its permissions. */
export type PermissionPlace = 'chromium' | 'firefox' | 'safari' | 'android' | 'ios';

export type StatLabel = 'video' | 'audio' | 'picture' | 'framerate' | 'packetLoss' | 'roundTripTime' | 'sendDelay';

/** The text of the controls. */
export interface ControlsStrings {
  /** Starts the broadcast. */
  start: string;
  /** Ends the broadcast. */
  stop: string;
  /** Cancels the start. */
  cancel: string;
  /** The question before a broadcast is ended, and its two answers. */
  confirmStop: string;
  /** Confirms that the broadcast ends. */
  confirm: string;
  /** Keeps the broadcast live. */
  keepGoing: string;

  /** Before the preview is open. */
  greenRoom: string;
  /** The same where there is only audio. */
  greenRoomAudio: string;
  /** The same where there is only video. */
  greenRoomVideo: string;
  /** Opens the preview. */
  showPreview: string;
  /** Closes the preview. */
  closePreview: string;

  /** Mutes the microphone. */
  microphoneOff: string;
  /** Turns the camera off. */
  cameraOff: string;
  /** The same button while a screen is shared. */
  hideScreen: string;
  /** Opens the menu of microphones. */
  chooseMicrophone: string;
  /** Opens the menu of cameras. */
  chooseCamera: string;
  /** Shares the screen. */
  shareScreen: string;
  /** Switches between front and rear camera. */
  flipCamera: string;
  /** The zoom of the camera. */
  zoom: string;
  /** The light of the camera. */
  torch: string;

  /** The pill while the microphone is muted. */
  muted: string;
  /** While live and muted, when the microphone hears speech. */
  mutedSpeech: string;
  /** The pill while the camera is off. */
  videoMuted: string;
  /** The same while a screen is shared. */
  screenHidden: string;
  /** The pill while a screen is shared. */
  sharingScreen: string;

  /** After a denial, above the browser's own button that asks again. */
  allowHere: string;
  /** Where to allow camera and microphone. */
  allow: Record<PermissionPlace, string>;
  /** The quality of the connection. */
  quality: Record<Quality, string>;
  /** Why viewers get less than they could; `bad` if the connection is very bad. */
  weak: Record<'cpu' | 'bandwidth' | 'unstable' | 'bad', string>;
  /** Read before the time since the broadcast started, for screen readers. */
  liveFor: string;

  /** Opens the settings. */
  settings: string;
  /** Closes a panel. */
  close: string;
  /** The heading of the devices. */
  devices: string;
  /** The heading of the video settings. */
  videoQuality: string;
  /** The heading of the advanced settings. */
  advanced: string;
  /** The label of the cameras. */
  videoDevice: string;
  /** The label of the microphones. */
  audioDevice: string;
  /** Leaves the choice to the browser. */
  automatic: string;
  /** No device. */
  none: string;
  /** Beside the name of a device that was chosen and is not there. */
  notConnected: string;
  /** The label of the resolutions. */
  resolution: string;
  /** A hint for a resolution, beside its number of lines. */
  presets: Record<'360' | '480' | '720' | '1080' | '2160', string>;
  /** The label of the frame rates. */
  framerate: string;
  /** The label of the maximum video bitrate. */
  videoBitrate: string;
  /** The label of the maximum audio bitrate. */
  audioBitrate: string;
  /** The label of the audio modes. */
  audioMode: string;
  /** The audio modes to choose from. */
  audioModes: Record<'speech' | 'music', string>;
  /** Shown while live at the settings that are read at the next start. */
  locked: string;

  /** Opens the statistics. */
  statistics: string;
  /** The labels of the statistics. */
  stats: Record<StatLabel, string>;
  /** The text for the chart; the bitrates come with their unit. */
  chart: (now: string, least: string, most: string) => string;
  /** How far back the chart goes. */
  chartSpan: string;
  /** Copies the diagnostics. */
  copy: string;
  /** Confirms that the diagnostics were copied. */
  copied: string;
  /** If the clipboard cannot be written, above the text to copy. */
  copyByHand: string;
}

/** All text of the element. */
export interface Strings extends StatusStrings, ControlsStrings {}

/** Some of the strings, and within groups some of these. */
export type OwnStrings = Overrides<Strings>;

type Overrides<All> = {
  [Name in keyof All]?: All[Name] extends string | ((...args: never[]) => string) ? All[Name] : Partial<All[Name]>;
};

export interface Language<Words extends StatusStrings = Strings> {
  /** The tag under which the language was added. */
  tag: string;
  words: Words;
}
