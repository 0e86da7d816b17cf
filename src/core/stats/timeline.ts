/** One step of a recovery; all times in milliseconds since 1970. */
export type TimelineEntry =
  | {
      /** When it happened. */
      at: number;
      /**
       * - `detected`: the loss was noticed
       * - `reported`: the page got a `reconnecting_broadcast`
       * - `connected`: the transport was up again
       * - `acknowledged`: the server had received media again
       */
      /** What happened. */
      event: 'detected' | 'reported' | 'connected' | 'acknowledged';
    }
  | {
      /** When it was sent. */
      at: number;
      /** A request was sent. */
      event: 'request';
      /** `HEAD` only asks whether the server can be reached. */
      method: 'HEAD' | 'POST' | 'PATCH' | 'DELETE';
      /** When the answer came; null if none has. */
      answeredAt: number | null;
      /** When it failed or was abandoned; null if it has not. */
      failedAt: number | null;
      /** The HTTP status; 0 if the answer is not readable, as of every `HEAD` to another origin; null without an answer. */
      status: number | null;
    };

/** How many entries a timeline has: of a longer one the middle is left out. */
export const TIMELINE_LENGTH = 50;
/** How many of its first entries are kept. */
const HEAD_LENGTH = 10;

/** Writes the timeline of the outage that lasts; between outages it writes nothing. */
export class TimelineRecorder {
  readonly #today: () => number;
  #entries: TimelineEntry[] | undefined;

  /** @param today milliseconds since 1970 */
  constructor(today: () => number) {
    this.#today = today;
  }

  /** An outage has started; returns its timeline. */
  begin(): TimelineEntry[] {
    this.#entries = [];
    this.note('detected');
    return this.#entries;
  }

  /** The outage is over. */
  end(): void {
    this.#entries = undefined;
  }

  note(event: Exclude<TimelineEntry['event'], 'request'>): void {
    this.#add({ at: this.#today(), event });
  }

  /** As `RequestRecorder` wants it. */
  request(method: 'HEAD' | 'POST' | 'PATCH' | 'DELETE'): (status: number | null) => void {
    const entry = { at: this.#today(), event: 'request', method, answeredAt: null, failedAt: null, status: null } as {
      event: 'request';
    } & TimelineEntry;
    this.#add(entry);
    return (status) => {
      // What comes after the headers does not change the answer.
      if (entry.answeredAt !== null || entry.failedAt !== null) return;
      entry.status = status;
      entry[status === null ? 'failedAt' : 'answeredAt'] = this.#today();
    };
  }

  #add(entry: TimelineEntry): void {
    this.#entries?.push(entry);
    if (this.#entries && this.#entries.length > TIMELINE_LENGTH) this.#entries.splice(HEAD_LENGTH, 1);
  }
}
