import { createSocket, type Socket } from 'node:dgram';
import type { MediaKind, UdpAddress } from './fault-relay-sdp.js';

export type Direction = 'to-server' | 'to-client';

/** What happens to packets, in both directions where nothing else is said. */
export interface UdpFaults {
  /** Which packets disappear; nobody is told. */
  cut: 'none' | 'both' | Direction;
  /** Share of the packets that get lost, 0 to 1. */
  loss: number;
  /** Milliseconds that every packet is late. */
  delay: number;
  /** Up to so many milliseconds more, another number for each packet, so that packets overtake each other. */
  jitter: number;
}

export const NO_UDP_FAULTS: UdpFaults = { cut: 'none', loss: 0, delay: 0, jitter: 0 };

/** What reached the server of one kind of media. Frames are counted by their last packets. */
export interface MediaCount {
  packets: number;
  bytes: number;
  frames: number;
}

/** What went through, and what did not. */
export interface UdpCounts {
  toServer: number;
  toClient: number;
  /** Lost or cut. */
  dropped: number;
  audio: MediaCount;
  video: MediaCount;
  /** When the last packet of media was handed to the server, in milliseconds since 1970; 0 before. */
  lastMediaAt: number;
  /** When the last alert of DTLS was handed to the client, as the one that closes a session; 0 before. */
  lastAlertAt: number;
}

/** The payload types of media in use. */
export type Kinds = ReadonlyMap<number, MediaKind>;

const EMPTY: MediaCount = { packets: 0, bytes: 0, frames: 0 };
const RTP_HEADER = 12;
/** The content type of an alert (RFC 6347 section 4.1). */
const DTLS_ALERT = 21;

/**
 * UDP between a client and a server, by ports of this machine's `host` address. Each of the server's addresses has a port
 * here that stands for it, until the relay moves.
 */
export class UdpRelay {
  faults: UdpFaults = { ...NO_UDP_FAULTS };
  readonly #counts: UdpCounts = {
    toServer: 0,
    toClient: 0,
    dropped: 0,
    audio: { ...EMPTY },
    video: { ...EMPTY },
    lastMediaAt: 0,
    lastAlertAt: 0,
  };
  readonly #host: string;
  readonly #kinds: Kinds;
  readonly #paths = new Set<Path>();
  #current = new Map<string, Promise<Path>>();
  #isClosed = false;

  /** `kinds` is looked up for every packet, so that it may grow. */
  constructor(host: string, kinds: Kinds) {
    this.#host = host;
    this.#kinds = kinds;
  }

  /** What has gone through so far. */
  get counts(): UdpCounts {
    return structuredClone(this.#counts);
  }

  /** The address that stands for one of the server's. */
  async standIn(server: UdpAddress): Promise<UdpAddress> {
    const key = `${server.address}:${server.port}`;
    const path = this.#current.get(key) ?? this.#open(server);
    this.#current.set(key, path);
    return { address: this.#host, port: (await path).port };
  }

  /** Makes all addresses of so far black holes after `linger` milliseconds; those asked for from now on are new. */
  move(linger: number): void {
    const old = [...this.#paths];
    this.#current = new Map();
    const die = () => old.forEach((path) => (path.isDead = true));
    if (linger > 0) setTimeout(die, linger).unref();
    else die();
  }

  close(): void {
    this.#isClosed = true;
    for (const path of this.#paths) path.close();
  }

  async #open(server: UdpAddress): Promise<Path> {
    const path = new Path(server, this.#host, (from, direction, packet, send) =>
      this.#pass(from, direction, packet, send),
    );
    this.#paths.add(path);
    await path.open();
    return path;
  }

  #pass(path: Path, direction: Direction, packet: Buffer, send: () => void): void {
    const { cut, loss, delay, jitter } = this.faults;
    if (path.isDead || cut === 'both' || cut === direction || Math.random() < loss) {
      this.#counts.dropped++;
      return;
    }
    const deliver = () => {
      if (this.#isClosed) return;
      this.#count(direction, packet);
      send();
    };
    const late = delay + Math.random() * jitter;
    if (late > 0) setTimeout(deliver, late).unref();
    else deliver();
  }

  #count(direction: Direction, packet: Buffer): void {
    if (direction === 'to-client') {
      this.#counts.toClient++;
      if (packet[0] === DTLS_ALERT) this.#counts.lastAlertAt = Date.now();
      return;
    }
    this.#counts.toServer++;
    const [first = 0, second = 0] = packet;
    // RFC 7983: from 128 to 191 it is RTP or RTCP, whose types cannot be payload types (RFC 5761).
    if (packet.length < RTP_HEADER || first < 128 || first > 191) return;
    const kind = this.#kinds.get(second & 0x7f);
    if (!kind || (second >= 192 && second <= 223)) return;
    const count = this.#counts[kind];
    count.packets++;
    count.bytes += packet.length;
    if (second & 0x80) count.frames++;
    this.#counts.lastMediaAt = Date.now();
  }
}

type Pass = (path: Path, direction: Direction, packet: Buffer, send: () => void) => void;

/** One address of the server, as the clients see it, and a socket toward it for each client. */
class Path {
  isDead = false;
  readonly #server: UdpAddress;
  readonly #host: string;
  readonly #pass: Pass;
  readonly #front = newSocket();
  readonly #backs = new Map<string, Socket>();

  constructor(server: UdpAddress, host: string, pass: Pass) {
    this.#server = server;
    this.#host = host;
    this.#pass = pass;
  }

  get port(): number {
    return this.#front.address().port;
  }

  async open(): Promise<void> {
    this.#front.on('message', (packet, client) => {
      const back = this.#backFor(client);
      this.#pass(this, 'to-server', packet, () => sendTo(back, packet, this.#server));
    });
    await new Promise<void>((resolve) => this.#front.bind(0, this.#host, resolve));
  }

  close(): void {
    for (const socket of [this.#front, ...this.#backs.values()]) socket.close();
  }

  #backFor(client: UdpAddress): Socket {
    const key = `${client.address}:${client.port}`;
    const known = this.#backs.get(key);
    if (known) return known;
    const back = newSocket();
    this.#backs.set(key, back);
    const { address, port } = client;
    back.on('message', (packet) =>
      this.#pass(this, 'to-client', packet, () => sendTo(this.#front, packet, { address, port })),
    );
    back.bind(0, this.#host);
    return back;
  }
}

function newSocket(): Socket {
  // A port that nobody listens on any more is an error of the socket, and nothing to us.
  return createSocket('udp4').on('error', () => undefined);
}

function sendTo(socket: Socket, packet: Buffer, { address, port }: UdpAddress): void {
  try {
    socket.send(packet, port, address, () => undefined);
  } catch {
    // It has been closed meanwhile.
  }
}
