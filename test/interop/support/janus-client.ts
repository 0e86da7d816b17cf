import { randomUUID } from 'node:crypto';

/** Milliseconds that Janus has for an answer. */
const DEADLINE = 8000;
/** Milliseconds between signs of life; Janus ends a session without any after a minute. */
const KEEP_ALIVE = 20_000;

export interface JanusAnswer {
  janus: string;
  transaction?: string;
  sender?: number;
  data?: { id: number };
  error?: { reason: string };
  plugindata?: { data: Record<string, unknown> };
  jsep?: { type: string; sdp: string };
}

type Request = Record<string, unknown> & { janus: string };

/** One session over the WebSocket of a Janus, with its VideoRoom. */
export class JanusClient {
  /** Resolves when the connection to Janus has ended. */
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (answer: JanusAnswer) => void>();
  readonly #listeners = new Map<number, (answer: JanusAnswer) => void>();
  #session = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.addEventListener('close', () => resolve()));
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data)) as JanusAnswer));
  }

  /** @throws where Janus is down */
  static async open(url: string): Promise<JanusClient> {
    const socket = new WebSocket(url, 'janus-protocol');
    const client = new JanusClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error('Janus is down.')));
    });
    client.#session = (await client.#ask({ janus: 'create' })).data?.id ?? 0;
    const keepAlive = setInterval(() => void client.#ask({ janus: 'keepalive' }).catch(() => undefined), KEEP_ALIVE);
    void client.closed.then(() => clearInterval(keepAlive));
    return client;
  }

  /** Makes a handle on the VideoRoom; `onEvent` is told what happens to it. */
  async attach(onEvent: (answer: JanusAnswer) => void = () => undefined): Promise<number> {
    const { data } = await this.#ask({ janus: 'attach', plugin: 'janus.plugin.videoroom' });
    const handle = data?.id ?? 0;
    this.#listeners.set(handle, onEvent);
    return handle;
  }

  /** Sends a request to the VideoRoom, with an offer where one is given. */
  async message(handle: number, body: Record<string, unknown>, offer?: string): Promise<JanusAnswer> {
    const jsep = offer === undefined ? {} : { jsep: { type: 'offer', sdp: offer } };
    const answer = await this.#ask({ janus: 'message', handle_id: handle, body, ...jsep });
    const { error } = answer.plugindata?.data ?? {};
    if (error !== undefined) throw new Error(`Janus: ${String(error)}`);
    return answer;
  }

  async trickle(handle: number, candidates: Record<string, unknown>[]): Promise<void> {
    await this.#ask({ janus: 'trickle', handle_id: handle, candidates });
  }

  /** Ends the peer connection of a handle, with a farewell by DTLS. */
  async hangUp(handle: number): Promise<void> {
    await this.#ask({ janus: 'hangup', handle_id: handle });
  }

  async detach(handle: number): Promise<void> {
    this.#listeners.delete(handle);
    await this.#ask({ janus: 'detach', handle_id: handle });
  }

  #ask(request: Request): Promise<JanusAnswer> {
    const transaction = randomUUID();
    const session = this.#session ? { session_id: this.#session } : {};
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => {
        this.#waiting.delete(transaction);
        clearTimeout(timer);
        reject(new Error(`Janus: ${reason}`));
      };
      const timer = setTimeout(() => fail('no answer in time'), DEADLINE);
      void this.closed.then(() => fail('gone'));
      this.#waiting.set(transaction, (answer) => {
        if (answer.janus === 'error') return fail(answer.error?.reason ?? 'error');
        // What the plugin has to say comes after that.
        if (answer.janus === 'ack' && request.janus === 'message') return;
        this.#waiting.delete(transaction);
        clearTimeout(timer);
        resolve(answer);
      });
      this.#socket.send(JSON.stringify({ ...request, ...session, transaction }));
    });
  }

  #take(answer: JanusAnswer): void {
    const { janus, transaction, sender } = answer;
    const waiting = transaction === undefined ? undefined : this.#waiting.get(transaction);
    if (waiting) waiting(answer);
    else if (janus !== 'ack' && sender !== undefined) this.#listeners.get(sender)?.(answer);
  }
}
