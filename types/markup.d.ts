/* Written by `npm run analyze` from the manifest: what markup and templates may say of <nano-webcaster>. */
import type { NanoWebcaster, NanoWebcasterEventMap } from '../dist/index.js';

/** The attributes, named as in HTML. */
export interface Attributes {
  /** The WHIP endpoint. `{streamname}` in it is replaced by the stream name. Relative URLs and `wss:` are accepted. */
  server?: NanoWebcaster['server'] | undefined;
  /** The name of the stream. */
  'stream-name'?: NanoWebcaster['streamName'] | undefined;
  /** The RTMP URL that the server forwards the stream to, if it supports that. Not sent if `server` has a `{streamname}`. */
  'ingest-url'?: NanoWebcaster['ingestUrl'] | undefined;
  /** The bearer token for the server. */
  token?: NanoWebcaster['token'] | undefined;
  /** Whether requests to the server carry cookies, for single sign-on or sticky load balancers: `omit`, `same-origin` or `include`. In a longer outage, some probes carry cookies despite `omit`, or none despite `include`. */
  credentials?: NanoWebcaster['credentials'] | undefined;
  /** Minimum delay before the first attempt to reconnect, in seconds, at least 1, counted from the last activity of the server. If it is above `reconnect-max-delay`, both fall back to their defaults. */
  'reconnect-min-delay'?: number | `${number}` | undefined;
  /** Maximum delay between attempts in seconds, at least 1; `Retry-After` of the server may ask for more. If it is below `reconnect-min-delay`, both fall back to their defaults. */
  'reconnect-max-delay'?: number | `${number}` | undefined;
  /** Maximum number of successive failed attempts; 0 disables reconnection. */
  'reconnect-max-retries'?: number | `${number}` | undefined;
  /** What is captured: `camera` or `screen`. */
  source?: NanoWebcaster['source'] | undefined;
  /** The camera: its id, label or index, or `none`. Empty: the browser chooses. */
  'video-device'?: NanoWebcaster['videoDevice'] | undefined;
  /** The microphone: its id, label or index, or `none`. Empty: the browser chooses. */
  'audio-device'?: NanoWebcaster['audioDevice'] | undefined;
  /** Requested width of the video in pixels, 320 to 3840. */
  width?: number | `${number}` | undefined;
  /** Requested height of the video in pixels, 240 to 2160. */
  height?: number | `${number}` | undefined;
  /** Requested frames per second, 1 to 60. */
  framerate?: number | `${number}` | undefined;
  /** `speech` filters echo and noise, `music` sends unfiltered stereo. */
  'audio-mode'?: NanoWebcaster['audioMode'] | undefined;
  /** Sends silence instead of the microphone. */
  muted?: boolean | undefined;
  /** Sends black video instead of the camera or screen. */
  'video-muted'?: boolean | undefined;
  /** Preferred video codec, used if browser and server support it: `h264`, `vp8`, `vp9`, `av1` or `h265`. */
  'video-codec'?: NanoWebcaster['videoCodec'] | undefined;
  /** Maximum video bitrate in kbps, 0 to 34000. 0: the browser decides. */
  'video-bitrate'?: number | `${number}` | undefined;
  /** Initial video bitrate in kbps, 0 to 34000. 0: the browser decides. No effect in Firefox. */
  'video-start-bitrate'?: number | `${number}` | undefined;
  /** Maximum audio bitrate in kbps, 0 to 510. 0: the browser decides, or 128 with `audio-mode="music"`. */
  'audio-bitrate'?: number | `${number}` | undefined;
  /** What to keep if the network or the device cannot carry everything: `balanced`, `maintain-framerate` or `maintain-resolution`. Empty: `maintain-resolution` with `ingest-url` or a `token` that claims one, otherwise the browser decides. */
  'degradation-preference'?: NanoWebcaster['degradationPreference'] | undefined;
  /** Starts the broadcast as soon as the element is in the page and has a server. */
  autostart?: boolean | undefined;
  /** Shows buttons, settings and statistics. */
  controls?: boolean | undefined;
  /** Stores the devices, mutes and bitrates that the person chose, in this browser. */
  remember?: boolean | undefined;
  /** Hides the preview. */
  'no-preview'?: boolean | undefined;
  /** Lets the screen turn off while live. */
  'no-wake-lock'?: boolean | undefined;
  /** How much is logged to the console: 0 nothing, 1 errors, 2 warnings, 3 status changes, 4 everything. Wrong attributes, a page that is set up incorrectly and missing controls always appear there. */
  'log-level'?: number | `${number}` | undefined;
  /** The language of the element's text, as everywhere in HTML; English is there, others come with their modules. */
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
  /** The RTMP URL that the server forwards the stream to, if it supports that. Not sent if `server` has a `{streamname}`. */
  ingestUrl?: NanoWebcaster['ingestUrl'] | undefined;
  /** Minimum delay before the first attempt to reconnect, in seconds, at least 1, counted from the last activity of the server. If it is above `reconnect-max-delay`, both fall back to their defaults. */
  reconnectMinDelay?: number | `${number}` | undefined;
  /** Maximum delay between attempts in seconds, at least 1; `Retry-After` of the server may ask for more. If it is below `reconnect-min-delay`, both fall back to their defaults. */
  reconnectMaxDelay?: number | `${number}` | undefined;
  /** Maximum number of successive failed attempts; 0 disables reconnection. */
  reconnectMaxRetries?: number | `${number}` | undefined;
  /** The camera: its id, label or index, or `none`. Empty: the browser chooses. */
  videoDevice?: NanoWebcaster['videoDevice'] | undefined;
  /** The microphone: its id, label or index, or `none`. Empty: the browser chooses. */
  audioDevice?: NanoWebcaster['audioDevice'] | undefined;
  /** `speech` filters echo and noise, `music` sends unfiltered stereo. */
  audioMode?: NanoWebcaster['audioMode'] | undefined;
  /** Sends black video instead of the camera or screen. */
  videoMuted?: boolean | undefined;
  /** Preferred video codec, used if browser and server support it: `h264`, `vp8`, `vp9`, `av1` or `h265`. */
  videoCodec?: NanoWebcaster['videoCodec'] | undefined;
  /** Maximum video bitrate in kbps, 0 to 34000. 0: the browser decides. */
  videoBitrate?: number | `${number}` | undefined;
  /** Initial video bitrate in kbps, 0 to 34000. 0: the browser decides. No effect in Firefox. */
  videoStartBitrate?: number | `${number}` | undefined;
  /** Maximum audio bitrate in kbps, 0 to 510. 0: the browser decides, or 128 with `audio-mode="music"`. */
  audioBitrate?: number | `${number}` | undefined;
  /** What to keep if the network or the device cannot carry everything: `balanced`, `maintain-framerate` or `maintain-resolution`. Empty: `maintain-resolution` with `ingest-url` or a `token` that claims one, otherwise the browser decides. */
  degradationPreference?: NanoWebcaster['degradationPreference'] | undefined;
  /** Hides the preview. */
  noPreview?: boolean | undefined;
  /** Lets the screen turn off while live. */
  noWakeLock?: boolean | undefined;
  /** How much is logged to the console: 0 nothing, 1 errors, 2 warnings, 3 status changes, 4 everything. Wrong attributes, a page that is set up incorrectly and missing controls always appear there. */
  logLevel?: number | `${number}` | undefined;
  /** STUN and TURN servers to use instead of those that the WHIP server offers. */
  iceServers?: NanoWebcaster['iceServers'] | undefined;
  /** Returns the bearer token for every attempt; replaces `token`. */
  tokenProvider?: NanoWebcaster['tokenProvider'] | undefined;
  /** Replaces single texts of the element. */
  strings?: NanoWebcaster['strings'] | undefined;
  /** Replaces camera and screen; null returns to them. */
  mediaStream?: NanoWebcaster['mediaStream'] | undefined;
  /** Replaces the core of the element. */
  core?: NanoWebcaster['core'] | undefined;
}

/** The events, by the names that `addEventListener` takes. */
export interface Events {
  /** The broadcast starts, goes on or is being recovered; see `detail.data.message` and `detail.data.reconnect`. */
  'broadcast-status': NanoWebcasterEventMap['broadcast-status'];
  /** The broadcast is live; comes once for a start. */
  'start-broadcast-success': NanoWebcasterEventMap['start-broadcast-success'];
  /** The broadcast could not start. If no camera or microphone could be opened, `start-preview-error` fires instead; if the address is wrong, `sign-in-error`. (`RtcUser` fires them before it.) */
  'start-broadcast-error': NanoWebcasterEventMap['start-broadcast-error'];
  /** A live broadcast has ended for good; no event of this broadcast follows. `stop-preview-success` follows where the start opened the devices. */
  'broadcast-error': NanoWebcasterEventMap['broadcast-error'];
  /** The broadcast was stopped. */
  'stop-broadcast-success': NanoWebcasterEventMap['stop-broadcast-success'];
  /** There was nothing to stop. */
  'stop-broadcast-error': NanoWebcasterEventMap['stop-broadcast-error'];
  /** A camera, microphone or screen opens otherwise than requested, fails, is replaced, or is back; the broadcast goes on. See `detail.data.state`. */
  'capture-status': NanoWebcasterEventMap['capture-status'];
  /** Statistics of the live broadcast. Fires while the controls are shown, or after `core.enableStats()`. */
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
  /** The server's address is wrong (1001, 1002), or the server did not answer the first probe (4000). 4000 does not stop a start. */
  'sign-in-error': NanoWebcasterEventMap['sign-in-error'];
  /** The credentials are forgotten. */
  'sign-out-success': NanoWebcasterEventMap['sign-out-success'];
  /** Whether the server can be reached, if the page has asked for it. */
  'received-server-stats': NanoWebcasterEventMap['received-server-stats'];
  /** `getSelectedDevice` of the core was called with a `kind` that does not exist. */
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
