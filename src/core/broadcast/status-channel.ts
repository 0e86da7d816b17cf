import { DEFAULT_RECONNECT } from '../api/config.js';
import { redact } from '../platform/redact.js';
import { Signal } from '../platform/signal.js';
import { linkedController, withDeadline, type LinkedController } from '../platform/timing.js';
import { EventStreamReader } from '../whip/event-stream.js';
import { retryAfterOf } from '../whip/http-errors.js';
import { HTTP_DEADLINE, type WhipContext } from '../whip/http.js';
import { WhipError } from '../whip/whip-error.js';
import { waitBefore } from './back-off.js';
import { OFFLINE_RETRY, OnlineHint, untilDue } from './network-watch.js';

/** Milliseconds without a byte after which the channel is taken for dead: a server sends a comment more often. */
const MAX_SILENCE = 30_000;
/** Characters of one event; what is longer is no report. */
const MAX_EVENT = 64 * 1024;
const MAX_REASON = 200;

/** Statuses after which it is seldom asked for: nothing to report, not for us, gone. */
const REFUSED = [204, 401, 403, 410];
/** Statuses that may pass soon even if there was no channel yet, as may every 5xx. */
const MAY_PASS = [408, 409, 425, 429];
/** Seconds between requests that are refused: one answer never decides for good. */
const REFUSED_RETRY = 60;

/** Why it is opened again though it has not failed: its connection may be dead without knowing it. */
const MOVED = 'moved';

const MESSAGES = ['broadcasting', 'reconnecting', 'failed'] as const;

/** What a server reports of its RTMP output: that it runs, is being recovered, or failed for good. */
export interface OutputReport {
  message: (typeof MESSAGES)[number];
  /** The server's own text without secrets, see `redact`. Empty if it gives none. */
  reason: string;
}

/** The report in the data of one event; null where it is none, or one of something else. */
export function outputReportOf(data: string, secrets: readonly string[] = []): OutputReport | null {
  let event: Partial<Record<'output' | 'message' | 'reason', unknown>>;
  try {
    event = (JSON.parse(data) as typeof event | null) ?? {};
  } catch {
    return null;
  }
  const message = MESSAGES.find((one) => one === event.message);
  if (event.output !== 'rtmp' || !message) return null;
  const reason = typeof event.reason === 'string' ? redact(event.reason, secrets) : '';
  return { message, reason: reason.replace(/\.$/, '').slice(0, MAX_REASON) };
}

/**
 * Hears what a WHIP server reports of its RTMP output during one session. It opens automatically, and again where it is lost or
 * refused, seldom in the latter case, for as long as the session lives; whatever happens to it harms no broadcast.
 *
 * It reads with `fetch`, not with `EventSource`: that one never comes back after an HTTP error, comes back in the same moment as
 * all others, cannot distinguish a silent server from a dead one, and takes events of any length.
 */
export class StatusChannel {
  readonly #context: WhipContext;
  readonly #signal: AbortSignal;
  readonly #online: OnlineHint;
  readonly #changes = new Signal<void>();
  #opening: LinkedController | undefined;
  #latest: OutputReport | null = null;
  #isOpen = true;
  #wasOpen = false;
  #failures = 0;

  /**
   * @param url unguessable, so that it is not to be logged
   * @param signal ends it
   */
  constructor(url: string, context: WhipContext, signal: AbortSignal) {
    this.#context = context;
    this.#signal = signal;
    this.#online = new OnlineHint(context.world, signal);
    // It only ends by the abort; each failure before that has been logged.
    void this.#stayOpen(url).catch(() => undefined);
  }

  /** The last report; null where there is none, or none to be relied on any more. */
  get latest(): OutputReport | null {
    return this.#latest;
  }

  /** False while no report is to be expected. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Resolves with the next report, or when none is to be expected any more. */
  nextChange(): Promise<void> {
    return this.#changes.next();
  }

  /** Leaves a path that was lost: a connection on it would be taken for a silent one for long. */
  reopen(): void {
    this.#opening?.abort(MOVED);
  }

  async #stayOpen(url: string): Promise<void> {
    const { world, log } = this.#context;
    const { minDelay, maxRetries } = DEFAULT_RECONNECT;
    for (;;) {
      const failure = await this.#listen(url).catch((error: unknown) => error);
      this.#signal.throwIfAborted();
      log.debug('The status channel failed:', failure);
      const { status = null, retryAfter = null } = failure instanceof WhipError ? failure : {};
      const mayPass = this.#wasOpen || status === null || status >= 500 || MAY_PASS.includes(status);
      const isRefused = !mayPass || REFUSED.includes(status ?? 0);
      if (failure !== MOVED) this.#failures++;
      if (this.#isOpen && (isRefused || this.#failures > maxRetries)) {
        // Until it reports again the acknowledged media counts alone.
        log.warn('The status channel reports nothing.');
        this.#isOpen = false;
        this.#latest = null;
        this.#changes.emit();
      }
      const attempt = Math.min(this.#failures, maxRetries);
      const least = Math.max(retryAfter ?? 0, isRefused ? REFUSED_RETRY : 0);
      const seconds =
        waitBefore({ ...DEFAULT_RECONNECT, attempt, cause: 'server', retryAfter: least }, world.random) ?? 0;
      const pause = { planned: 1000 * seconds, atLeast: 1000 * minDelay, offline: OFFLINE_RETRY };
      await untilDue(pause, world, this.#signal, this.#online);
    }
  }

  /** Reads the stream to its end, which a change of network is too. */
  async #listen(url: string): Promise<void> {
    const { world } = this.#context;
    const opening = (this.#opening = linkedController(this.#signal));
    const { signal } = opening;
    try {
      world.onNetworkChange(() => this.reopen(), signal);
      const headers = { Accept: 'text/event-stream' };
      const { credentials = 'omit' } = this.#context;
      const init: RequestInit = { headers, credentials, cache: 'no-store', signal };
      const late = () => new WhipError('timeout', 'Nothing came for too long.');
      const answer = await withDeadline(() => world.fetch(url, init), HTTP_DEADLINE.POST, late, world, signal);
      const { status, body } = answer;
      const isStream = /^text\/event-stream\b/i.test(answer.headers.get('Content-Type') ?? '');
      if (status !== 200 || !isStream || !body) {
        const retryAfter = retryAfterOf(answer.headers.get('Retry-After'), world.wallNow());
        throw new WhipError('status', `It was answered with ${status}.`, { status, retryAfter });
      }
      this.#isOpen = this.#wasOpen = true;
      this.#failures = 0;
      const reader = body.getReader();
      const decoder = new TextDecoder();
      const events = new EventStreamReader();
      while (events.size < MAX_EVENT) {
        const { done, value } = await withDeadline(() => reader.read(), MAX_SILENCE, late, world, signal);
        if (done) return;
        for (const event of events.read(decoder.decode(value, { stream: true })))
          this.#take(outputReportOf(event, this.#context.secrets));
      }
    } finally {
      opening.abort();
    }
  }

  #take(report: OutputReport | null): void {
    if (!report || this.#signal.aborted) return;
    this.#latest = report;
    this.#changes.emit();
  }
}
