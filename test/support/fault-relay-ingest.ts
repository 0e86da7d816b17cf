import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SessionInfo } from '../../demo/server/ingest.js';
import type { StudioServer } from './fault-studio.js';
import { FaultyIngest, type Quirks } from './faulty-ingest.js';

/** What a process with an ingest can be asked for. */
interface Question {
  id: number;
  quirks?: Quirks;
  endSessions?: boolean;
}

interface Answer {
  id: number;
  port: number;
  sessions: readonly SessionInfo[];
}

const FILE = fileURLToPath(import.meta.url);

/** A faulty ingest in a process of its own, which can be killed, frozen and started again on the same port. */
export class IngestProcess implements StudioServer {
  #child: ChildProcess | undefined;
  #port = 0;
  #questions = 0;
  #quirks: Quirks = {};

  get pageUrl(): string {
    return `http://localhost:${this.#port}/`;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}/whip/fault`;
  }

  /** Of a frozen process there is no answer before it thaws. */
  get sessions(): Promise<readonly SessionInfo[]> {
    return this.#ask({}).then(({ sessions }) => sessions);
  }

  get quirks(): Quirks {
    return this.#quirks;
  }

  set quirks(quirks: Quirks) {
    this.#quirks = quirks;
    void this.#ask({ quirks });
  }

  async endSessions(): Promise<void> {
    await this.#ask({ endSessions: true });
  }

  async start(): Promise<void> {
    this.#child = fork(FILE, [String(this.#port)], { execArgv: ['--import', 'tsx'] });
    const [{ port }] = (await once(this.#child, 'message')) as [Answer];
    this.#port = port;
  }

  async stop(): Promise<void> {
    await this.kill();
  }

  /** Without a farewell. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  #ask(question: Omit<Question, 'id'>): Promise<Answer> {
    const child = this.#child;
    const id = ++this.#questions;
    return new Promise((resolve, reject) => {
      if (!child?.connected) return reject(new Error('The ingest does not run.'));
      const take = (answer: Answer) => {
        if (answer.id !== id) return;
        child.off('message', take);
        resolve(answer);
      };
      child.on('message', take);
      child.send({ ...question, id });
    });
  }
}

/** What runs in the other process. */
async function serve(): Promise<void> {
  const ingest = new FaultyIngest();
  await ingest.start(Number(process.argv[2]));
  const say = (id: number) => {
    const answer: Answer = { id, port: Number(new URL(ingest.origin).port), sessions: ingest.sessions };
    process.send?.(answer);
  };
  process.on('message', ({ id, quirks, endSessions }: Question) => {
    if (quirks) ingest.quirks = quirks;
    void (endSessions ? ingest.endSessions() : Promise.resolve()).then(() => say(id));
  });
  process.on('disconnect', () => process.exit());
  say(0);
}

if (process.argv[1] === FILE) await serve();
