/* Written by `npm run analyze` from the source: what markup and templates may say of <nano-webcaster>. */
import type { NanoWebcaster, NanoWebcasterEventMap } from '../dist/index.js';

/** The attributes, named as in HTML. */
export interface Attributes {
  /** The WHIP endpoint. A `{streamname}` in it is filled in. Relative addresses and `wss:` are fine. */
  server?: NanoWebcaster['server'] | undefined;
  /** The name of the stream. */
  'stream-name'?: NanoWebcaster['streamName'] | undefined;
  /** The RTMP URL that the server is to send the stream on to, where it can. */
  'ingest-url'?: NanoWebcaster['ingestUrl'] | undefined;
  /** The bearer token for the server. */
  token?: NanoWebcaster['token'] | undefined;
  /** Seconds before a first attempt to reconnect, at least 1. */
  'reconnect-min-delay'?: number | `${number}` | undefined;
  /** The longest wait between attempts in seconds, at least the shortest. */
  'reconnect-max-delay'?: number | `${number}` | undefined;
  /** Successive attempts before the broadcast is given up; 0 turns reconnection off. */
  'reconnect-max-retries'?: number | `${number}` | undefined;
  /** What is broadcast: `camera` or `screen`. */
  source?: NanoWebcaster['source'] | undefined;
  /** The camera: its id, label or index, or `none`; empty leaves it to the browser. */
  'video-device'?: NanoWebcaster['videoDevice'] | undefined;
  /** The microphone: its id, label or index, or `none`; empty leaves it to the browser. */
  'audio-device'?: NanoWebcaster['audioDevice'] | undefined;
  /** The wished-for width of the picture in pixels, 320 to 3840. */
  width?: number | `${number}` | undefined;
  /** The wished-for height of the picture in pixels, 240 to 2160. */
  height?: number | `${number}` | undefined;
  /** The wished-for frames per second, 1 to 60. */
  framerate?: number | `${number}` | undefined;
  /** `speech` filters the microphone's sound, `music` sends it unfiltered and in stereo. */
  'audio-mode'?: NanoWebcaster['audioMode'] | undefined;
  /** Sends silence. */
  muted?: boolean | undefined;
  /** Sends a black picture. */
  'video-muted'?: boolean | undefined;
  /** The codec to send where browser and server can: `h264`, `vp8`, `vp9`, `av1` or `h265`. */
  'video-codec'?: NanoWebcaster['videoCodec'] | undefined;
  /** The most that video may use in kbps, up to 34000; 0 leaves it to the browser. */
  'video-bitrate'?: number | `${number}` | undefined;
  /** What video starts with in kbps, up to 34000; 0 leaves it to the browser, as Firefox always does. */
  'video-start-bitrate'?: number | `${number}` | undefined;
  /** The most that audio may use in kbps, up to 510; 0 leaves it to the browser, and means 128 where `audio-mode` is `music`. */
  'audio-bitrate'?: number | `${number}` | undefined;
  /** Goes live as soon as the element is in the page and has a server. */
  autostart?: boolean | undefined;
  /** Shows buttons, settings and statistics. */
  controls?: boolean | undefined;
  /** Keeps the devices, mutes and bitrates that the person chose, in this browser. */
  remember?: boolean | undefined;
  /** Shows no preview. */
  'no-preview'?: boolean | undefined;
  /** Lets the screen go dark while live. */
  'no-wake-lock'?: boolean | undefined;
  /** What goes to the console: 0 nothing, 1 errors, 2 warnings, 3 status changes, 4 everything. */
  'log-level'?: number | `${number}` | undefined;
  /** The language of the element's own words, as everywhere in HTML; English is there, others come with their modules. */
  lang?: string | undefined;
}

type Switch = 'video-muted' | 'no-preview' | 'no-wake-lock';

/** The same for templates that write `false` as a text, which in HTML is on: there the properties can be switched off. */
export type TemplateAttributes = {
  [Name in keyof Attributes]: Name extends Switch ? true | '' | null | undefined : Attributes[Name];
};

/** The properties that a page may set, named as in JavaScript. */
export interface Properties {
  /** The name of the stream. */
  streamName?: NanoWebcaster['streamName'] | undefined;
  /** The RTMP URL that the server is to send the stream on to, where it can. */
  ingestUrl?: NanoWebcaster['ingestUrl'] | undefined;
  /** Seconds before a first attempt to reconnect, at least 1. */
  reconnectMinDelay?: number | `${number}` | undefined;
  /** The longest wait between attempts in seconds, at least the shortest. */
  reconnectMaxDelay?: number | `${number}` | undefined;
  /** Successive attempts before the broadcast is given up; 0 turns reconnection off. */
  reconnectMaxRetries?: number | `${number}` | undefined;
  /** The camera: its id, label or index, or `none`; empty leaves it to the browser. */
  videoDevice?: NanoWebcaster['videoDevice'] | undefined;
  /** The microphone: its id, label or index, or `none`; empty leaves it to the browser. */
  audioDevice?: NanoWebcaster['audioDevice'] | undefined;
  /** `speech` filters the microphone's sound, `music` sends it unfiltered and in stereo. */
  audioMode?: NanoWebcaster['audioMode'] | undefined;
  /** Sends a black picture. */
  videoMuted?: boolean | undefined;
  /** The codec to send where browser and server can: `h264`, `vp8`, `vp9`, `av1` or `h265`. */
  videoCodec?: NanoWebcaster['videoCodec'] | undefined;
  /** The most that video may use in kbps, up to 34000; 0 leaves it to the browser. */
  videoBitrate?: number | `${number}` | undefined;
  /** What video starts with in kbps, up to 34000; 0 leaves it to the browser, as Firefox always does. */
  videoStartBitrate?: number | `${number}` | undefined;
  /** The most that audio may use in kbps, up to 510; 0 leaves it to the browser, and means 128 where `audio-mode` is `music`. */
  audioBitrate?: number | `${number}` | undefined;
  /** Shows no preview. */
  noPreview?: boolean | undefined;
  /** Lets the screen go dark while live. */
  noWakeLock?: boolean | undefined;
  /** What goes to the console: 0 nothing, 1 errors, 2 warnings, 3 status changes, 4 everything. */
  logLevel?: number | `${number}` | undefined;
  /** STUN and TURN servers to use instead of those that the WHIP server offers. */
  iceServers?: NanoWebcaster['iceServers'] | undefined;
  /** Asked for the bearer token at every attempt, in place of `token`. */
  tokenProvider?: NanoWebcaster['tokenProvider'] | undefined;
  /** Words to use in place of the element's own. */
  strings?: NanoWebcaster['strings'] | undefined;
  /** What is previewed and broadcast. May be set to a stream of the page's own; null goes back to camera or screen. */
  mediaStream?: NanoWebcaster['mediaStream'] | undefined;
  /** The webcaster behind the element. May be set to any object with the interface of `RtcUser`. */
  core?: NanoWebcaster['core'] | undefined;
}

/** The events, by the names that `addEventListener` takes. */
export interface Events {
  /** The broadcast goes on or is being brought back; see `detail.data.message` and `detail.data.reconnect`. */
  'broadcast-status': NanoWebcasterEventMap['broadcast-status'];
  /** The broadcast is live; comes once for a start. */
  'start-broadcast-success': NanoWebcasterEventMap['start-broadcast-success'];
  /** The broadcast could not start. In its place (of `RtcUser`: before it) comes `start-preview-error` where there is no camera, and `sign-in-error` where the address is wrong. */
  'start-broadcast-error': NanoWebcasterEventMap['start-broadcast-error'];
  /** A live broadcast was given up; nothing more of it comes. */
  'broadcast-error': NanoWebcasterEventMap['broadcast-error'];
  /** The broadcast was stopped. */
  'stop-broadcast-success': NanoWebcasterEventMap['stop-broadcast-success'];
  /** There was nothing to stop. */
  'stop-broadcast-error': NanoWebcasterEventMap['stop-broadcast-error'];
  /** A camera, microphone or screen fails, is replaced, or is back; the broadcast goes on. See `detail.data.state`. */
  'capture-status': NanoWebcasterEventMap['capture-status'];
  /** What was measured of the live broadcast; comes while the controls are shown or `core.enableStats()` was called. */
  'received-webrtc-stats': NanoWebcasterEventMap['received-webrtc-stats'];
  /** Camera, screen or microphone are open. */
  'start-preview-success': NanoWebcasterEventMap['start-preview-success'];
  /** Camera, screen or microphone could not be opened. */
  'start-preview-error': NanoWebcasterEventMap['start-preview-error'];
  /** Camera, screen and microphone are closed. */
  'stop-preview-success': NanoWebcasterEventMap['stop-preview-success'];
  /** Closing them failed; they are closed all the same. */
  'stop-preview-error': NanoWebcasterEventMap['stop-preview-error'];
  /** The cameras and microphones that are there. */
  'received-device-list': NanoWebcasterEventMap['received-device-list'];
  /** The devices could not be listed. */
  'get-devices-error': NanoWebcasterEventMap['get-devices-error'];
  /** Muting failed. */
  'mute-device-error': NanoWebcasterEventMap['mute-device-error'];
  /** A configuration was not accepted. */
  'set-config-error': NanoWebcasterEventMap['set-config-error'];
  /** The server can be reached. */
  'sign-in-success': NanoWebcasterEventMap['sign-in-success'];
  /** The server's address is wrong (1001, 1002), or the server did not answer a first probe (4000), which ends no start. */
  'sign-in-error': NanoWebcasterEventMap['sign-in-error'];
  /** The credentials are forgotten. */
  'sign-out-success': NanoWebcasterEventMap['sign-out-success'];
  /** Whether the server can be reached, where it was asked for. */
  'received-server-stats': NanoWebcasterEventMap['received-server-stats'];
  /** The device that was asked for cannot be told. */
  'get-selected-device-error': NanoWebcasterEventMap['get-selected-device-error'];
  /** The core's `Error`: a call of the core's with wrong arguments, or that WHIP cannot carry out. */
  'webcaster-error': NanoWebcasterEventMap['webcaster-error'];
  /** Stopping the broadcast failed; the credentials are forgotten all the same. */
  'sign-out-error': NanoWebcasterEventMap['sign-out-error'];
}

/** A handler for each event, under its name behind `Prefix`. */
export type Handlers<Prefix extends string> = {
  [Name in keyof Events as `${Prefix}${Name}`]?: ((event: Events[Name]) => void) | undefined;
};
