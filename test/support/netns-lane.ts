import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SessionInfo } from '../../demo/server/ingest.js';
import type { BrowserName } from './browsers.js';
import { Netns, SERVER_ADDRESS } from './netns.js';
import type { BrowserMessage, BrowserOrder, NetnsPage } from './netns-browser.js';
import type { ServerMessage, ServerRequest } from './netns-server.js';

/** How the server speaks HTTP: itself, or by a TLS proxy in front of it that speaks HTTP/2. */
export type HttpVariant = '1.1' | '2' | '2-proxy';

export const HTTP_VARIANTS: readonly HttpVariant[] = ['1.1', '2', '2-proxy'];

/** Two ports of the same server: what is sent to one shares no connection with what is sent to the other. */
const PORTS = { own: 8443, bare: 9443 } as const;
const BACKEND_PORT = 8080;

const moduleAt = (path: string) => fileURLToPath(new URL(path, import.meta.url));

async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** What the server saw at one look. */
export interface Look {
  /** Milliseconds since 1970. */
  at: number;
  sessions: readonly SessionInfo[];
}

/** The ingest on the server's side, and all that it told since {@link NetnsServer.forget}, across its restarts. */
export class NetnsServer {
  readonly endpoint = this.endpointOf('own', 'live');
  readonly #netns: Netns;
  readonly #http: HttpVariant;
  readonly #children: ChildProcess[] = [];
  #process: ChildProcess | undefined;
  #proxy: ChildProcess | undefined;
  looks: Look[] = [];
  requests: ServerRequest[] = [];
  sockets: { at: number; from: string }[] = [];

  constructor(netns: Netns, http: HttpVariant = '1.1') {
    this.#netns = netns;
    this.#http = http;
  }

  /** Where a client publishes a stream, over connections that no other kind of client shares. */
  endpointOf(client: keyof typeof PORTS, stream: string): string {
    return `https://${SERVER_ADDRESS}:${PORTS[client]}/whip/${stream}`;
  }

  get sessions(): readonly SessionInfo[] {
    return this.looks.at(-1)?.sessions ?? [];
  }

  async start(): Promise<void> {
    if (this.#http === '2-proxy') await this.#startProxy();
    const comeUp = await this.prepare();
    await comeUp();
  }

  /** Stops the TLS proxy without a word: connections are taken by the kernel and get no answer. */
  freezeProxy(): void {
    this.#proxy?.kill('SIGSTOP');
  }

  thawProxy(): void {
    this.#proxy?.kill('SIGCONT');
  }

  async #startProxy(): Promise<void> {
    const proxy = this.#netns.spawn('server', moduleAt('netns-proxy.ts'), {
      NETNS_HOST: SERVER_ADDRESS,
      NETNS_PORTS: Object.values(PORTS).join(),
      NETNS_BACKEND_HOST: '127.0.0.1',
      NETNS_BACKEND_PORT: String(BACKEND_PORT),
    });
    this.#children.push(proxy);
    this.#proxy = proxy;
    await once(proxy, 'message');
  }

  /** Loads a process; the function that is returned lets it come up, when the one before has ended. */
  async prepare(): Promise<() => Promise<void>> {
    const env =
      this.#http === '2-proxy'
        ? { NETNS_HOST: '127.0.0.1', NETNS_PORTS: String(BACKEND_PORT), NETNS_HTTP: 'plain' }
        : { NETNS_HOST: SERVER_ADDRESS, NETNS_PORTS: Object.values(PORTS).join(), NETNS_HTTP: this.#http };
    const child = this.#netns.spawn('server', moduleAt('netns-server.ts'), env);
    this.#children.push(child);
    const hears = (kind: ServerMessage['kind']) =>
      new Promise<void>((resolve, reject) => {
        child.once('exit', () => reject(new Error('The ingest did not start.')));
        child.on('message', (message: ServerMessage) => message.kind === kind && resolve());
      });
    await hears('loaded');
    return async () => {
      this.#process = child;
      child.on('message', (message: ServerMessage) => this.#note(message));
      child.send('come up');
      await hears('listening');
    };
  }

  /** Ends the process, and sees that it is gone: `SIGKILL` without any farewell to the browsers. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child) await killed(child, signal);
    this.looks.push({ at: Date.now(), sessions: [] });
  }

  /** Ends whatever was started. */
  async close(): Promise<void> {
    for (const child of this.#children) await killed(child, 'SIGKILL');
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  forget(): void {
    this.looks = this.looks.slice(-1);
    this.requests = [];
    this.sockets = [];
  }

  #note(message: ServerMessage): void {
    if (message.kind === 'sessions') this.looks.push({ at: message.at, sessions: message.sessions });
    if (message.kind === 'request') this.requests.push(message.request);
    if (message.kind === 'socket') this.sockets.push({ at: message.at, from: message.from });
  }
}

type Order = BrowserOrder extends infer One ? (One extends BrowserOrder ? Omit<One, 'id'> : never) : never;

/** The browser on the client's side; one page at a time. */
export class NetnsBrowser {
  readonly #netns: Netns;
  readonly #name: BrowserName;
  readonly #waiting = new Map<number, (message: BrowserMessage & { kind: 'done' }) => void>();
  #process: ChildProcess | undefined;
  #orders = 0;

  constructor(netns: Netns, name: BrowserName) {
    this.#netns = netns;
    this.#name = name;
  }

  async start(): Promise<void> {
    const child = this.#netns.spawn('client', moduleAt('netns-browser.ts'), { NETNS_BROWSER: this.#name });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error(`${this.#name} did not start.`)));
      child.on('message', (message: BrowserMessage) => {
        if (message.kind === 'ready') return resolve();
        this.#waiting.get(message.id)?.(message);
        this.#waiting.delete(message.id);
      });
    });
  }

  async end(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  }

  openPage(page: NetnsPage = 'studio'): Promise<void> {
    return this.#order({ do: 'open', page });
  }

  /** Runs an expression in the page, which may be one of a promise. */
  evaluate<T>(expression: string): Promise<T> {
    return this.#order({ do: 'evaluate', expression });
  }

  errors(): Promise<string[]> {
    return this.#order({ do: 'errors' });
  }

  closePage(): Promise<void> {
    return this.#order({ do: 'close' });
  }

  async #order<T>(order: Order): Promise<T> {
    const id = ++this.#orders;
    const done = new Promise<BrowserMessage & { kind: 'done' }>((resolve) => this.#waiting.set(id, resolve));
    this.#process?.send({ ...order, id });
    const { value, error } = await done;
    if (error !== undefined) throw new Error(error);
    return value as T;
  }
}

/** A pair of networks with a server and a browser in it; tests that have one each can run side by side. */
export class NetnsLane {
  readonly netns = Netns.open();
  readonly server: NetnsServer;
  readonly browser: NetnsBrowser;

  private constructor(name: BrowserName, http: HttpVariant) {
    this.server = new NetnsServer(this.netns, http);
    this.browser = new NetnsBrowser(this.netns, name);
  }

  static async open(name: BrowserName, http: HttpVariant = '1.1'): Promise<NetnsLane> {
    const lane = new NetnsLane(name, http);
    try {
      await lane.server.start();
      await lane.browser.start();
      return lane;
    } catch (error) {
      await lane.close();
      throw error;
    }
  }

  /** A fresh page, whose server remembers nothing of the one before. */
  async begin(page?: NetnsPage): Promise<void> {
    this.server.forget();
    await this.browser.openPage(page);
  }

  /** Makes room for the next test. */
  async finish(): Promise<void> {
    await this.browser.closePage();
    this.netns.reset();
  }

  async close(): Promise<void> {
    await this.browser.end();
    await this.server.close();
    this.netns.close();
  }
}
