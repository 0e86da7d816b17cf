import type { CaptureStatusData } from '../../src/core/api/events.js';
import type { TimelineEntry } from '../../src/core/stats/timeline.js';
import type { RtcUser } from '../../src/core/rtc-user.js';

/** One thing that the page was told, in the order of the telling. */
export interface Told {
  /** The message of a status, or the name of any other event, with the code where it is an error. */
  name: string;
  message: string;
  /** Milliseconds since 1970. */
  at: number;
  reconnect?: { cause: string; method: string; attempt: number; maxRetries: number; delay: number; lostAt: number };
}

export interface GoLive {
  server: string;
  /** Handed out one after the other; the last one again and again. */
  tokens?: string[];
  reconnect?: { minDelay: number; maxDelay: number; maxRetries: number };
  /** The camera, or a stream that the page draws itself. */
  source?: 'camera' | 'canvas';
  /** Stops the broadcast in the moment of this status. */
  stopAt?: string;
}

/** One entry of the core's report. */
export interface Outage {
  cause: string;
  reason: string;
  lostAt: number;
  recoveredBy: 'ice-restart' | 'new-session' | 'browser' | null;
  attempts: number;
  seconds: number;
  timeline: TimelineEntry[];
}

/** What {@link FAULT_PAGE} offers on `window.studio`. */
export interface PageStudio {
  told: Told[];
  /** Everything that went wrong without being caught. */
  errors: string[];
  /** Resolves with nothing once it is live, or with the error. */
  goLive(settings: GoLive): Promise<{ code: number; message: string } | null>;
  stop(): Promise<void>;
  mute(): Promise<void>;
  /** Whether the tracks that are sent are muted: video, audio. */
  sent(): boolean[];
  /** Only of a stream that the page draws itself. */
  endPicture(how: 'still' | 'ended'): void;
  outages(): Outage[];
  user: RtcUser;
  /** What the page was told of its devices. */
  captures: CaptureStatusData[];
}

/** A page with the headless core from the real bundle, and a small picture, since many pages come after another. */
export const FAULT_PAGE = `<!doctype html><meta charset="utf-8"><title>studio</title><link rel="icon" href="data:,">
<script type="module">
import { RtcUser } from '/cdn/rtc-user.min.js';

const told = [];
const errors = [];
addEventListener('unhandledrejection', ({ reason }) => errors.push('unhandled: ' + reason));
addEventListener('error', ({ message }) => errors.push(message));

const connections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...settings) {
    super(...settings);
    connections.push(this);
  }
};

let drawing;
let canvasTrack;
/** A picture and a tone that need no device. */
function drawStream() {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 320, height: 240 });
  const context = canvas.getContext('2d');
  drawing = setInterval(() => {
    context.fillStyle = 'hsl(' + (performance.now() % 360) + ' 80% 50%)';
    context.fillRect(Math.random() * 320, Math.random() * 240, 40, 40);
  }, 66);
  const audio = new AudioContext();
  const destination = audio.createMediaStreamDestination();
  const tone = new OscillatorNode(audio);
  tone.connect(destination);
  tone.start();
  [canvasTrack] = canvas.captureStream(15).getVideoTracks();
  return new MediaStream([canvasTrack, ...destination.stream.getTracks()]);
}

let stopStatus;
const user = new RtcUser();
user.on('BroadcastStatus', ({ data }) => {
  told.push({ name: data.message, message: '', at: Date.now(), ...(data.reconnect && { reconnect: data.reconnect }) });
  if (data.message === stopStatus) user.stopBroadcast();
});
for (const name of ['StartBroadcastSuccess', 'StopBroadcastSuccess']) {
  user.on(name, () => told.push({ name, message: '', at: Date.now() }));
}
for (const name of ['SignInError', 'SetConfigError', 'StartPreviewError', 'StartBroadcastError', 'BroadcastError', 'StopBroadcastError']) {
  user.on(name, ({ error }) => told.push({ name: name + ' ' + error.code, message: error.message, at: Date.now() }));
}

const captures = [];
user.on('CaptureStatus', ({ data }) => captures.push(data));

window.studio = {
  user,
  captures,
  told,
  errors,
  async goLive({ server, tokens, reconnect, source, stopAt }) {
    stopStatus = stopAt;
    if (reconnect) user.setConfig({ reconnect });
    const tokenProvider = tokens && (() => (tokens.length > 1 ? tokens.shift() : tokens[0]));
    user.signIn({ server, ...(tokenProvider && { tokenProvider }) });
    if (source === 'canvas') user.setMediaStream({ stream: drawStream() });
    else user.startPreview({ videoDeviceConfig: { device: true, width: 320, height: 240, framerate: 15 }, audioDeviceConfig: { device: true, autoGainControl: false, echoCancellation: false, noiseSuppression: false } });
    return user.startBroadcast().then(
      () => null,
      ({ code, message }) => ({ code, message }),
    );
  },
  stop: () => user.stopBroadcast(),
  mute: () => user.muteDevice({ kind: 'audioinput', mute: true }),
  sent: () => connections.at(-1).getSenders().map(({ track }) => track.enabled),
  endPicture(how) {
    clearInterval(drawing);
    if (how === 'ended') canvasTrack.stop();
  },
  outages: () => user.report.outages,
};
</script>`;
