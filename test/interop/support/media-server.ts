import { ChildProgram } from './child-program.js';
import type { Arrived, ArrivedVideo } from './rtp-counter.js';

/** A session as the media stack sees it. */
export interface SessionReport {
  id: string;
  state: string;
  audio: Arrived;
  video: ArrivedVideo;
}

/** A request of WHIP and what it was answered with. */
export interface RequestReport {
  method: string;
  /** Path and query. */
  url: string;
  status: number;
}

/** What a server answers to `GET /control`. */
export interface ServerReport {
  sessions: SessionReport[];
  requests: RequestReport[];
}

export interface Programs {
  /** Speaks WHIP and has `/control`; ends with its standard input. */
  whip: { command: string; args: string[]; env?: Record<string, string> };
  /** Does the media, where that is another process. */
  media?: { command: string; args: string[]; env?: Record<string, string>; port: number };
  /** Where it takes a `POST`. */
  path?: string;
  /** What it wants to see. */
  token?: string;
}

/** A WHIP server with a media stack that is not ours, in processes of its own that can be killed and frozen. */
export class MediaServer {
  readonly #whip: ChildProgram;
  readonly #media: ChildProgram;
  readonly #path: string;
  /** The bearer token for it. */
  readonly token: string | undefined;

  constructor({ whip, media, path = '/whip/live', token }: Programs) {
    this.#path = path;
    this.token = token;
    this.#whip = new ChildProgram(whip);
    this.#media = media ? new ChildProgram(media) : this.#whip;
  }

  get endpoint(): string {
    return `${this.#origin}${this.#path}`;
  }

  /** Starts what is not running; again on the same ports. */
  async start(): Promise<void> {
    await this.#media.start();
    await this.#whip.start();
  }

  async stop(): Promise<void> {
    await this.#whip.kill();
    await this.#media.kill();
  }

  /** Ends the media stack without any farewell. */
  kill(): Promise<void> {
    return this.#media.kill();
  }

  /** Stops the media stack where it is. */
  freeze(): void {
    this.#media.signal('SIGSTOP');
  }

  thaw(): void {
    this.#media.signal('SIGCONT');
  }

  /** The server ends all sessions by itself, and tells the browsers so by DTLS. */
  async endSessions(): Promise<void> {
    await fetch(`${this.#origin}/control`, { method: 'DELETE' });
  }

  /** The sessions there are; not to be asked while the server is frozen. */
  async sessions(): Promise<SessionReport[]> {
    return (await this.#report()).sessions;
  }

  /** The requests since the start of the program that speaks WHIP, preflights and probes left out. */
  async requests(method?: string): Promise<RequestReport[]> {
    const { requests } = await this.#report();
    return requests.filter((request) => method === undefined || request.method === method);
  }

  get #origin(): string {
    return `http://127.0.0.1:${this.#whip.port}`;
  }

  async #report(): Promise<ServerReport> {
    return (await (await fetch(`${this.#origin}/control`)).json()) as ServerReport;
  }
}
