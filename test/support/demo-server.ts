import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface SessionReport {
  id: string;
  kind: 'whip' | 'whep';
  stream: string;
  state: string;
  codec: { audio?: string; video?: string };
  packets: { audio: number; video: number };
}

/**
 * The demo as `npm start` runs it, but with the built bundle, in a process of its own that can be killed and started
 * again on its port.
 */
export class DemoServer {
  readonly #settings: Record<string, string>;
  #process: ChildProcess | undefined;
  #port = 0;

  /** @param settings environment variables, such as `TOKEN` */
  constructor(settings: Record<string, string> = {}) {
    this.#settings = settings;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'demo/server/main.ts'], {
      cwd: root,
      env: { CDN: 'cdn', ...process.env, ...this.#settings, PORT: String(this.#port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process = child;
    const exited = once(child, 'exit').then(() => {
      throw new Error('The demo server did not start.');
    });
    exited.catch(() => undefined);
    const [line] = (await Promise.race([once(child.stdout, 'data'), exited])) as [Buffer];
    this.#port = Number(/:(\d+)\//.exec(String(line))?.[1]);
  }

  /** Ends the process: `SIGKILL` without a DTLS close. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  async sessions(kind: 'whip' | 'whep' = 'whip'): Promise<SessionReport[]> {
    const { TOKEN } = this.#settings;
    const headers: HeadersInit = TOKEN === undefined ? {} : { Authorization: `Bearer ${TOKEN}` };
    const sessions = (await (await fetch(`${this.url}/api/sessions`, { headers })).json()) as SessionReport[];
    return sessions.filter((session) => session.kind === kind);
  }
}
