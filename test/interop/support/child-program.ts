import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Milliseconds that a program has to listen. */
const START_DEADLINE = 60_000;

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export interface Program {
  command: string;
  args: string[];
  env?: Record<string, string>;
  /** The port it is known to listen on; without one, it says `listening on <port>` and takes `PORT`. */
  port?: number;
}

/** A program that listens on a port, and on the same one when it is started again. */
export class ChildProgram {
  readonly #program: Program;
  #child: ChildProcess | undefined;
  #port: number;

  constructor(program: Program) {
    this.#program = program;
    this.#port = program.port ?? 0;
  }

  get port(): number {
    return this.#port;
  }

  /** Resolves when it listens; does nothing where it runs. */
  async start(): Promise<void> {
    if (this.#child) return;
    const { command, args, env, port } = this.#program;
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env, PORT: String(this.#port) },
      stdio: ['pipe', port === undefined ? 'pipe' : 'ignore', process.env['LOUD'] ? 'inherit' : 'ignore'],
    });
    this.#child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    const ended = new AbortController();
    const failed = once(child, 'exit', ended).then(() => {
      throw new Error(`${command} did not start.`);
    });
    failed.catch(() => undefined);
    const late = delay(START_DEADLINE, undefined, { ...ended, ref: false }).then(() => {
      throw new Error(`${command} did not listen in time.`);
    });
    late.catch(() => undefined);
    const listening = port === undefined ? this.#heardOf(child) : untilTaken(port, ended.signal);
    await Promise.race([listening, failed, late]).finally(() => ended.abort());
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** Ends it without letting it do anything more; resolves when it has gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async #heardOf({ stdout }: ChildProcess): Promise<void> {
    if (!stdout) return;
    for await (const line of createInterface({ input: stdout })) {
      const port = /listening on (\d+)/.exec(line)?.[1];
      if (port === undefined) continue;
      this.#port = Number(port);
      // What it says from here on is for nobody, but must not stop it.
      stdout.resume();
      return;
    }
  }
}

async function untilTaken(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await delay(50);
  }
}
