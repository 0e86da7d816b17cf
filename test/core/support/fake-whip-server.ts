import type { FakeClock } from './fake-clock.js';
import type { FakeEventStream } from './fake-event-stream.js';
import { answerTo, fragmentAnswer } from './sdp.js';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE';

export interface RecordedRequest {
  at: number;
  method: Method;
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
  init: RequestInit;
}

/** What a server does with one request. What is left out is what a good server does. */
export interface Answer {
  status?: number;
  /** Null takes away a header that a good server sends. */
  headers?: Record<string, string | null>;
  body?: string;
  /** A body that goes on, instead of one that is there as a whole. */
  stream?: FakeEventStream;
  /** Where the answer comes from, after a redirect. */
  redirectedTo?: string;
  /** Milliseconds to the answer; the session opens in that moment, whether or not anybody still waits for it. */
  after?: number;
}

type Outcome = Answer | 'no answer' | 'network error';

export type Script = Outcome | ((request: RecordedRequest) => Outcome);

/** A WHIP server behind `fetch`. It answers as a good one does until a script says otherwise. */
export class FakeWhipServer {
  readonly requests: RecordedRequest[] = [];
  /** The URLs of the sessions that are open. */
  readonly sessions = new Set<string>();
  /** How many times ICE was restarted. */
  restarts = 0;
  /** How many sessions were ever opened. */
  opened = 0;
  /** Milliseconds to an answer. */
  latency = 10;
  /** Whether it restarts ICE; else it refuses with 422. */
  restartsIce = false;
  /** Sees every request when it is made. */
  onRequest: (request: RecordedRequest) => void = () => undefined;
  /** Sees every answer when it is given, null where none comes. */
  onAnswer: (request: RecordedRequest, response: Response | null) => void = () => undefined;
  readonly #clock: FakeClock;
  readonly #journal: string[];
  readonly #next: Record<Method, Script[]> = { GET: [], HEAD: [], POST: [], PATCH: [], DELETE: [] };
  readonly #always = new Map<Method, Script>();

  constructor(clock: FakeClock, journal: string[]) {
    this.#clock = clock;
    this.#journal = journal;
  }

  /** Scripts the next requests of a method, one after the other. */
  next(method: Method, ...scripts: Script[]): void {
    this.#next[method].push(...scripts);
  }

  /** Scripts all requests of a method for which nothing else is scripted; null for a good server again. */
  always(method: Method, script: Script | null): void {
    if (script === null) this.#always.delete(method);
    else this.#always.set(method, script);
  }

  /** Forgets what is scripted for a method. */
  forget(method: Method): void {
    this.#next[method].length = 0;
    this.#always.delete(method);
  }

  of(method: Method): RecordedRequest[] {
    return this.requests.filter((request) => request.method === method);
  }

  last(method: Method): RecordedRequest {
    const request = this.of(method).at(-1);
    if (!request) throw new Error(`The server got no ${method}.`);
    return request;
  }

  readonly fetch: typeof fetch = (input, init = {}) => {
    const method = (init.method ?? 'GET') as Method;
    const request: RecordedRequest = {
      at: this.#clock.trueNow,
      method,
      url: String(input),
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === 'string' ? init.body : '',
      init,
    };
    this.requests.push(request);
    this.onRequest(request);
    this.#journal.push(method);
    const scripted = this.#next[method].shift() ?? this.#always.get(method) ?? {};
    const script = typeof scripted === 'function' ? scripted(request) : scripted;
    return new Promise((resolve, reject) => {
      const aborted = () => reject(init.signal?.reason);
      if (init.signal?.aborted) return aborted();
      init.signal?.addEventListener('abort', aborted, { once: true });
      if (script === 'no answer') return this.onAnswer(request, null);
      this.#clock.setTimeout(
        () => {
          init.signal?.removeEventListener('abort', aborted);
          const answer = script === 'network error' ? null : this.#answer(request, script);
          this.onAnswer(request, answer);
          if (answer) resolve(answer);
          else reject(new TypeError('Failed to fetch'));
        },
        script === 'network error' ? this.latency : (script.after ?? this.latency),
      );
    });
  };

  #answer(request: RecordedRequest, script: Answer): Response {
    const { method } = request;
    const url = script.redirectedTo ?? request.url;
    let { status, body = '' } = script;
    const headers = new Headers();
    const give = (all: Record<string, string | null>) => {
      for (const [name, value] of Object.entries(all)) {
        if (value === null) headers.delete(name);
        else headers.set(name, value);
      }
    };
    if (method === 'HEAD') status ??= 200;
    const isRestart = method === 'PATCH' && request.headers['if-match'] === '*';
    if (isRestart && this.sessions.has(request.url) && status === undefined) {
      status = this.restartsIce ? 200 : 422;
      if (this.restartsIce) {
        body = fragmentAnswer(++this.restarts);
        give({ ETag: `"restart-${this.restarts}"`, 'Content-Type': 'application/trickle-ice-sdpfrag' });
      }
    }
    if (method === 'PATCH') status ??= this.sessions.has(request.url) ? 204 : 404;
    if (method === 'DELETE') {
      status ??= this.sessions.has(request.url) ? 200 : 404;
      if (status < 300) this.sessions.delete(request.url);
    }
    if (method === 'POST') status ??= 201;
    const isNewSession = method === 'POST' && (status === 201 || (status === 200 && body.startsWith('v=0')));
    if (isNewSession) {
      const number = ++this.opened;
      body = script.body ?? answerTo(request.body);
      give({
        Location: `/whip/sessions/${number}?secret=session-${number}`,
        ETag: `"etag-${number}"`,
        'Content-Type': 'application/sdp',
      });
    }
    give(script.headers ?? {});
    if (isNewSession) this.sessions.add(new URL(headers.get('Location') ?? `#${this.opened}`, url).href);
    const response = responseOf(status ?? 405, headers, body, url, script.redirectedTo !== undefined);
    script.stream?.follow(request.init.signal);
    return script.stream ? Object.assign(response, { body: script.stream }) : response;
  }
}

/** A `Response` with what WHIP reads of one; the real one takes too long to make for many runs. */
function responseOf(status: number, headers: Headers, body: string, url: string, redirected: boolean): Response {
  const chunks = body === '' ? [] : [new TextEncoder().encode(body)];
  const reader = {
    read: () => {
      const value = chunks.shift();
      return Promise.resolve(value ? { done: false, value } : { done: true, value: undefined });
    },
    cancel: () => Promise.resolve(),
  };
  const ok = status >= 200 && status < 300;
  return { status, ok, headers, url, redirected, body: { getReader: () => reader } } as unknown as Response;
}
