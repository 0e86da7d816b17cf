import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { RtpHeader, RtpPacket } from 'werift';
import type { RtmpTarget } from './rtmp-target.js';
import type { Codec, CodecChoice, MediaKind } from './sdp.js';
import { tcpBacklog } from './tcp-backlog.js';

/** The programs that send a stream on. */
export interface RtmpPrograms {
  readonly ffmpeg: string;
  /** Ends ffmpeg with this process, however that ends; only Linux has it. */
  readonly setpriv?: string | undefined;
  /** A PEM file with authorities that RTMPS servers may be certified by, besides those of the system. */
  readonly ca?: string | undefined;
}

export interface RunEvents {
  /** Media has arrived at the RTMP server. */
  onLive(): void;
  onKeyframeNeeded(): void;
}

const LOOPBACK = '127.0.0.1';
/** Bytes written to the RTMP server that are more than headers. */
const LIVE_AFTER_BYTES = 4096;
const LOOK_INTERVAL_MS = 500;
const START_DEADLINE_MS = 12_000;
/** Players of RTMP join with a key frame, and browsers send none by themselves. */
const KEYFRAME_INTERVAL_MS = 2000;
/** Without a byte more that the RTMP server has taken, while packets come in. */
const STALL_MS = 3000;
/** Without a packet: then there is nothing that the RTMP server could be sent. */
const PAUSE_MS = 1000;
/** For so long one kind of media waits for the other; by default it is longer than a server that takes nothing lives. */
const MAX_WAIT_US = 1_000_000;

/** One ffmpeg that takes RTP from loopback ports, copies H.264, makes AAC of Opus and sends both to an RTMP server. */
export class FfmpegRun {
  /** Resolves with the reason when it has ended. */
  readonly ended: Promise<string>;
  readonly #events: RunEvents;
  readonly #ports: Partial<Record<MediaKind, number>>;
  readonly #codecs: CodecChoice;
  readonly #socket: Socket = createSocket('udp4');
  readonly #process: ChildProcess;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  #reason = '';
  #said = '';
  #bytes = 0;
  /** Bytes that the RTMP server has acknowledged, about. */
  #taken = 0;
  #takenAt = performance.now();
  #keyframeAt = -Infinity;
  #packetAt = -Infinity;
  #isLive = false;

  private constructor(
    child: ChildProcess,
    codecs: CodecChoice,
    ports: Partial<Record<MediaKind, number>>,
    events: RunEvents,
  ) {
    this.#process = child;
    this.#codecs = codecs;
    this.#ports = ports;
    this.#events = events;
    // The receiver may not be there yet.
    this.#socket.on('error', () => undefined);
    // Told by `ended`; another one would end the whole server.
    child.on('error', () => undefined);
    child.stdin?.on('error', () => undefined).end(describe(codecs, ports));
    child.stdout?.on('data', (data: Buffer) => this.#takeProgress(String(data)));
    child.stderr?.on('data', (data: Buffer) => (this.#said = (this.#said + String(data)).slice(-2000)));
    this.ended = once(child, 'close').then(
      () => this.#end(),
      (error: Error) => this.#end(error.message),
    );
    this.#timer = setInterval(() => void this.#look(), LOOK_INTERVAL_MS);
  }

  /** @param codecs of what comes in: for what does not, the RTMP server would wait */
  static async start(
    target: RtmpTarget,
    codecs: CodecChoice,
    programs: RtmpPrograms,
    events: RunEvents,
  ): Promise<FfmpegRun> {
    const ports: Partial<Record<MediaKind, number>> = {};
    for (const kind of ['audio', 'video'] as const) {
      if (codecs[kind]) ports[kind] = await freePortPair(Object.values(ports));
    }
    const [command, args] = commandFor(target.url, programs);
    return new FfmpegRun(spawn(command, args, { stdio: 'pipe' }), codecs, ports, events);
  }

  /** Milliseconds since the RTMP server has got media, 0 where it has not. */
  get liveFor(): number {
    return this.#isLive ? this.#takenAt - this.#startedAt : 0;
  }

  send(kind: MediaKind, { header, payload }: RtpPacket): void {
    const [port, codec] = [this.#ports[kind], this.#codecs[kind]];
    if (port === undefined || !codec || this.#reason) return;
    this.#packetAt = performance.now();
    const { sequenceNumber, timestamp, ssrc, marker } = header;
    const own = new RtpHeader({ payloadType: codec.payloadType, sequenceNumber, timestamp, ssrc, marker });
    this.#socket.send(new RtpPacket(own, payload).serialize(), port, LOOPBACK);
  }

  /** Ends it at once: the RTMP server is to take another one soon. */
  end(reason: string): void {
    this.#reason ||= reason;
    this.#process.kill('SIGKILL');
  }

  #end(failure?: string): string {
    clearInterval(this.#timer);
    this.#socket.close();
    const last = failure ?? this.#said.trim().split('\n').at(-1) ?? '';
    // ffmpeg names the URL in its messages, and with it the stream's key.
    const words = last.replace(/rtmps?:\/\/\S+/gi, 'the RTMP server').replace(/^\[[^\]]*\] /, '');
    const what = this.#isLive ? 'The connection to the RTMP server broke' : 'The RTMP server did not take the stream';
    return (this.#reason ||= words ? `${what}: ${words}` : `${what}.`);
  }

  #takeProgress(text: string): void {
    const last = (name: string) => Number([...text.matchAll(new RegExp(`^${name}=(\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
    this.#bytes = Math.max(this.#bytes, last('total_size'));
    const hasPicture = !this.#codecs.video || last('frame') > 0;
    if (this.#isLive || !hasPicture || this.#bytes < LIVE_AFTER_BYTES) return;
    this.#isLive = true;
    this.#events.onLive();
  }

  async #look(): Promise<void> {
    const taken = this.#bytes - (await tcpBacklog(this.#process.pid ?? 0));
    const now = performance.now();
    if (taken > this.#taken || now - this.#packetAt > PAUSE_MS) this.#takenAt = now;
    this.#taken = Math.max(this.#taken, taken);
    // What is copied can begin with a key frame only.
    if (!this.#isLive || now - this.#keyframeAt >= KEYFRAME_INTERVAL_MS) {
      this.#keyframeAt = now;
      this.#events.onKeyframeNeeded();
    }
    if (!this.#isLive && now - this.#startedAt > START_DEADLINE_MS) {
      this.end('The RTMP server did not take the stream in time.');
    }
    if (this.#isLive && now - this.#takenAt > STALL_MS) this.end('The RTMP server takes nothing any more.');
  }
}

/** No shell is involved, and the URL begins with its scheme, so that it is no option. */
function commandFor(url: string, { ffmpeg, setpriv, ca }: RtmpPrograms): [command: string, args: string[]] {
  const input = ['-protocol_whitelist', 'pipe,udp,rtp', '-fflags', '+genpts+nobuffer', '-reorder_queue_size', '200'];
  const probing = ['-analyzeduration', '8000000', '-probesize', '2000000', '-f', 'sdp', '-i', 'pipe:0'];
  const output = ['-c:v', 'copy', '-c:a', 'aac', '-ar', '48000', '-b:a', '96k', '-flush_packets', '1'];
  const progress = ['-progress', 'pipe:1', '-stats_period', '0.5', '-rw_timeout', '4000000'];
  // By default ffmpeg takes any certificate.
  const tls = url.startsWith('rtmps:') ? ['-tls_verify', '1', ...(ca ? ['-ca_file', ca] : [])] : [];
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error'],
    ...input,
    ...probing,
    ...output,
    ...progress,
    ...tls,
    ...['-max_interleave_delta', String(MAX_WAIT_US), '-f', 'flv', '-flvflags', 'no_duration_filesize', url],
  ];
  return setpriv ? [setpriv, ['--pdeathsig', 'KILL', ffmpeg, ...args]] : [ffmpeg, args];
}

/** The session description that ffmpeg reads (RFC 8866). */
function describe(codecs: CodecChoice, ports: Partial<Record<MediaKind, number>>): string {
  const section = (kind: MediaKind, { payloadType, name, clockRate, channels = 1, parameters }: Codec) => [
    `m=${kind} ${ports[kind]} RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${name}/${clockRate}${channels > 1 ? `/${channels}` : ''}`,
    ...(parameters ? [`a=fmtp:${payloadType} ${parameters}`] : []),
  ];
  const { audio, video } = codecs;
  return [
    'v=0',
    `o=- 0 0 IN IP4 ${LOOPBACK}`,
    's=-',
    `c=IN IP4 ${LOOPBACK}`,
    't=0 0',
    ...(audio ? section('audio', audio) : []),
    ...(video ? section('video', video) : []),
    '',
  ].join('\r\n');
}

/** An even port that is free, with the odd one after it: RTP and RTCP. */
async function freePortPair(taken: readonly number[]): Promise<number> {
  for (;;) {
    const first = await bind(0);
    const { port } = first.address();
    // Where the port above is taken, another pair is tried.
    const second = port % 2 === 0 && port < 65_535 ? await bind(port + 1).catch(() => undefined) : undefined;
    first.close();
    second?.close();
    if (second && !taken.includes(port)) return port;
  }
}

async function bind(port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, LOOPBACK);
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}
