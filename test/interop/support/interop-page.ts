import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '../../../demo/server/static-files.js';

/** The built bundle; another one may be put to the test. */
const CDN = process.env['CDN'] ?? fileURLToPath(new URL('../../../cdn', import.meta.url));

/** One thing that the page was told, in the order of the telling. */
export interface Told {
  /** The message of a status, or the name of any other event, with the code where it is an error. */
  name: string;
  /** Milliseconds since 1970. */
  at: number;
  reconnect?: { cause: string; method: string; attempt: number; delay: number; lostAt: number };
  /** Of an error. */
  message?: string;
}

/** What the core reports on one outage. */
export interface Outage {
  cause: string;
  /** Null if it was not recovered. */
  recoveredBy: string | null;
  attempts: number;
  seconds: number;
}

/** What the page offers on `window.publisher`. */
export interface Publisher {
  told: Told[];
  /** Everything that went wrong without being caught. */
  errors: string[];
  /** What the core reports on its outages. */
  outages(): Outage[];
  /** Resolves with nothing once it is live, or with the error. */
  goLive(server: string, withVideo: boolean, token?: string): Promise<string | null>;
  stop(): Promise<void>;
  mute(): Promise<void>;
  /** Which tracks are sent, by each connection that is open. */
  sent(): { kind: string; enabled: boolean; readyState: string }[][];
}

/** A page with the headless core from the bundle. Its picture is small: several pages encode at a time. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>publisher</title><link rel="icon" href="data:,">
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

const user = new RtcUser();
const tell = (name, more) => told.push({ name, at: Date.now(), ...more });
user.on('BroadcastStatus', ({ data }) => tell(data.message, data.reconnect && { reconnect: data.reconnect }));
for (const name of ['StartBroadcastSuccess', 'StopBroadcastSuccess']) user.on(name, () => tell(name));
for (const name of ['SignInError', 'SetConfigError', 'StartPreviewError', 'StartBroadcastError', 'BroadcastError', 'StopBroadcastError']) {
  user.on(name, ({ error }) => tell(name + ' ' + error.code, { message: error.message }));
}

window.publisher = {
  told,
  errors,
  outages: () => user.report?.outages ?? [],
  async goLive(server, withVideo, token) {
    user.setConfig({ reconnect: { minDelay: 1, maxDelay: 2, maxRetries: 20 } });
    user.signIn({ server, ...(token && { jwt: token }) });
    user.startPreview({ videoDeviceConfig: { device: withVideo, width: 320, height: 240, framerate: 15 } });
    return user.startBroadcast().then(() => null, String);
  },
  stop: () => user.stopBroadcast(),
  mute: () => user.muteDevice({ kind: 'audioinput', mute: true }),
  sent: () =>
    connections
      .filter(({ signalingState }) => signalingState !== 'closed')
      .map((one) => one.getSenders().map(({ track }) => ({ kind: track.kind, enabled: track.enabled, readyState: track.readyState }))),
};
</script>`;

/** Serves the page and the bundle. */
export class PageServer {
  readonly #server: Server = createServer((req, res) => {
    if (req.url === '/') return void res.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE);
    serveStatic([{ path: '/cdn/', folder: CDN }], req, res).catch(() => res.destroy());
  });

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
