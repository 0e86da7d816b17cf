import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { payloadKinds, withAddresses, withoutCandidates, type MediaKind } from './fault-relay-sdp.js';
import { NO_UDP_FAULTS, UdpRelay, type UdpCounts, type UdpFaults } from './fault-relay-udp.js';

/**
 * What happens to HTTP:
 * - `hold`: nothing goes through, and nobody is told; what has come meanwhile goes on when it is over
 * - `dead`: the same, but all connections of that time stay silent for good, and only fresh ones work afterwards, as
 *   after a change of network
 * - `reset`: connections are cut, and new ones again
 * - a status: the answer to everything, without the server and without CORS
 */
export type HttpFault = 'none' | 'hold' | 'dead' | 'reset' | number;

/** One request as the client sent it. */
export interface RelayedRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** When it came, in milliseconds since 1970. */
  at: number;
  /** What the client was answered with; undefined as long as it was not. */
  status?: number;
  answeredAt?: number;
  /** When nobody waited for an answer any more, with or without one. */
  endedAt?: number;
  /** The `Location` it was answered with. */
  location?: string;
  /** Whether the client went away before it had the answer. */
  isAborted: boolean;
}

const SDP = /^application\/(sdp|trickle-ice-sdpfrag)\b/i;
/** Headers that hold for one connection only. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host']);

/**
 * A network that fails on command between a browser and any WHIP server, without privileges: it proxies HTTP, and puts
 * UDP ports of its own in the place of the server's. The server never learns the client's addresses, so that the two
 * find no way round it. For one client and one server.
 */
export class FaultRelay {
  readonly #target: URL;
  readonly #kinds = new Map<number, MediaKind>();
  readonly #udp: UdpRelay;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #dead = new WeakSet<Socket>();
  readonly #requests: RelayedRequest[] = [];
  #http: HttpFault = 'none';
  #released: (() => void)[] = [];
  #port = 0;

  /** `target` is any URL of the server; `host` the address of this machine that media goes through. */
  constructor(target: string, host = lanAddress()) {
    this.#target = new URL(target);
    this.#udp = new UdpRelay(host, this.#kinds);
    this.#server = createServer((req, res) => {
      this.#serve(req, res).catch(() => res.destroy());
    });
    // Longer than tests last: it is for clients to find out about dead connections.
    this.#server.keepAliveTimeout = 120_000;
    this.#server.on('connection', (socket) => {
      if (this.#http === 'reset') return void socket.resetAndDestroy();
      if (this.#http === 'dead') this.#dead.add(socket);
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** The server's origin as the client sees it. */
  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Every request so far but preflights and probes; or those of one method. */
  requests(method?: string): readonly RelayedRequest[] {
    return this.#requests.filter((request) => method === undefined || request.method === method);
  }

  /** The attempts to publish: the client sends a `POST` once more while it waits for the answer to the first one. */
  get attempts(): readonly RelayedRequest[] {
    const posts = this.requests('POST');
    const waitsAt = (time: number) => (one: RelayedRequest) => one.at < time && (one.endedAt ?? Infinity) > time;
    return posts.filter(({ at }) => !posts.some(waitsAt(at)));
  }

  /** What has gone through by UDP, and what not. */
  get counts(): UdpCounts {
    return this.#udp.counts;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#udp.close();
  }

  /** The URL behind the relay for one of the server. */
  url(target: string): string {
    const { pathname, search } = new URL(target, this.#target);
    return this.origin + pathname + search;
  }

  /** Changes what happens to UDP; what is not named stays as it is. */
  udp(faults: Partial<UdpFaults>): void {
    Object.assign(this.#udp.faults, faults);
  }

  /** Changes what happens to HTTP. */
  http(fault: HttpFault): void {
    this.#http = fault;
    if (fault === 'dead') for (const socket of this.#sockets) this.#dead.add(socket);
    if (fault === 'reset') for (const socket of this.#sockets) socket.resetAndDestroy();
    if (fault === 'hold' || fault === 'dead') return;
    for (const release of this.#released.splice(0)) release();
  }

  /** Nothing goes through any more, and nobody is told. */
  blackOut(): void {
    this.udp({ cut: 'both' });
    this.http('hold');
  }

  /** Ends all faults but those of connections that are dead and of addresses left behind. */
  heal(): void {
    this.udp(NO_UDP_FAULTS);
    this.http('none');
  }

  /**
   * What a change of the client's address does: all UDP paths are black holes after `linger` milliseconds, and those in
   * answers from now on are new, also toward the server. With `http: 'dead'` the connections of so far are, too.
   */
  move({ linger = 0, http = 'none' }: { linger?: number; http?: 'none' | 'dead' } = {}): void {
    this.#udp.move(linger);
    if (http === 'none') return;
    this.http('dead');
    this.http('none');
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const request = this.#record(req);
    res.once('close', () => Object.assign(request, { isAborted: !res.writableFinished, endedAt: Date.now() }));
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    request.body = body.toString();
    if (!(await this.#passes(req.socket, res))) return;
    if (typeof this.#http === 'number') {
      this.#note(request, this.#http);
      return void res.writeHead(this.#http).end();
    }
    const isSdp = SDP.test(req.headers['content-type'] ?? '');
    const answer = await this.#ask(req, res, isSdp ? Buffer.from(withoutCandidates(request.body)) : body);
    const text = await this.#readAnswer(answer);
    if (!(await this.#passes(req.socket, res))) return;
    const headers = this.#answerHeaders(answer, text);
    this.#note(request, answer.statusCode ?? 0, headers['location']);
    res.writeHead(answer.statusCode ?? 502, headers).end(text);
  }

  #record(req: IncomingMessage): RelayedRequest {
    const { method = '', url = '', headers } = req;
    const request: RelayedRequest = { method, url, headers, body: '', at: Date.now(), isAborted: false };
    if (method !== 'OPTIONS' && method !== 'HEAD') this.#requests.push(request);
    return request;
  }

  #note(request: RelayedRequest, status: number, location?: string | string[]): void {
    Object.assign(request, { status, answeredAt: Date.now() }, typeof location === 'string' && { location });
  }

  /** Waits as long as HTTP is held; false where the connection will never hear of it. */
  async #passes(socket: Socket, res: ServerResponse): Promise<boolean> {
    while (this.#http === 'hold' || this.#http === 'dead') {
      await new Promise<void>((resolve) => this.#released.push(resolve));
    }
    return !this.#dead.has(socket) && !res.destroyed;
  }

  #ask(req: IncomingMessage, res: ServerResponse, body: Buffer): Promise<IncomingMessage> {
    const { method, url = '' } = req;
    const kept = Object.entries(req.headers).filter(([name]) => !HOP_BY_HOP.has(name));
    const headers = { ...Object.fromEntries(kept), ...(body.length > 0 && { 'content-length': body.length }) };
    return new Promise((resolve, reject) => {
      const asked = httpRequest(new URL(url, this.#target), { method, headers, agent: false }, resolve);
      asked.once('error', reject);
      res.once('close', () => asked.destroy());
      asked.end(body);
    });
  }

  async #readAnswer(answer: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    if (!SDP.test(answer.headers['content-type'] ?? '')) return text;
    for (const [type, kind] of payloadKinds(text)) this.#kinds.set(type, kind);
    return withAddresses(text, (server) => this.#udp.standIn(server));
  }

  #answerHeaders({ headers }: IncomingMessage, text: string): Record<string, string | string[]> {
    const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name));
    const answer = Object.fromEntries(kept) as Record<string, string | string[]>;
    const { location } = answer;
    if (typeof location === 'string' && location.startsWith(this.#target.origin))
      answer['location'] = this.url(location);
    return text ? { ...answer, 'content-length': String(Buffer.byteLength(text)) } : answer;
  }
}

/** An address of this machine that browsers use for media; loopback where there is no other. */
export function lanAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}
