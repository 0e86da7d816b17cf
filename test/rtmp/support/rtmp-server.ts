import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../support/free-port.js';
import { until } from '../../support/page.js';

export interface Playback {
  codecs: string[];
  width: number;
  /** Decoded frames of video. */
  frames: number;
}

/** nginx with its RTMP module as a process of its own, which can be killed and started again on its port. */
export class RtmpServer {
  readonly #programs: Record<string, string>;
  #folder = '';
  #port = 0;
  #process: ChildProcess | undefined;

  /** @param programs of nginx and its module */
  constructor(programs: Record<string, string>) {
    this.#programs = programs;
  }

  get url(): string {
    return `rtmp://127.0.0.1:${this.#port}/live`;
  }

  async start(): Promise<void> {
    this.#folder ||= await mkdtemp(join(tmpdir(), 'rtmp-'));
    this.#port ||= await freePort();
    await writeFile(join(this.#folder, 'nginx.conf'), configuration(this.#port, this.#programs['module'] ?? ''));
    const args = ['-p', this.#folder, '-c', 'nginx.conf'];
    const child = spawn(this.#programs['nginx'] ?? '', args, { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#process = child;
    await until('nginx listens', () => child.exitCode === null && isOpen(this.#port), 10);
  }

  /** Ends it without any farewell. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** It takes connections and what comes over them, as far as there is room, but nothing reads it. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Plays four seconds of a stream and says what was in it. */
  async play(stream: string, ffprobe: string): Promise<Playback> {
    const entries = 'stream=codec_name,width,nb_read_frames';
    const what = ['-rw_timeout', '15000000', '-count_frames', '-read_intervals', '%+4', '-show_entries', entries];
    const args = ['-hide_banner', '-loglevel', 'error', ...what, '-of', 'json', `${this.url}/${stream}`];
    const { stdout } = await promisify(execFile)(ffprobe, args, { timeout: 30_000 });
    const { streams } = JSON.parse(stdout) as {
      streams: { codec_name: string; width?: number; nb_read_frames?: string }[];
    };
    const video = streams.find(({ width }) => width !== undefined);
    return {
      codecs: streams.map(({ codec_name }) => codec_name).sort(),
      width: video?.width ?? 0,
      frames: Number(video?.nb_read_frames ?? 0),
    };
  }

  async end(): Promise<void> {
    await this.kill();
    if (this.#folder) await rm(this.#folder, { recursive: true });
  }
}

/** One process, so that killing it kills all of it. */
function configuration(port: number, module: string): string {
  return `load_module ${module};
    daemon off; master_process off; pid nginx.pid; error_log stderr error;
    events { worker_connections 64; }
    rtmp { server { listen 127.0.0.1:${port}; application live { live on; } } }`;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
