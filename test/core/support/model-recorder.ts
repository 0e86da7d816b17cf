import assert from 'node:assert/strict';
import type { ReconnectConfig } from '../../../src/core/api/config.js';
import type { ReconnectInfo, RtcUserEvent } from '../../../src/core/api/events.js';
import type { RecordedRequest } from './fake-whip-server.js';
import type { PageState } from './model-steps.js';
import type { TestRig } from './test-rig.js';

/** Rounding of delays, which are told in seconds. */
const ROUNDING = 1;
/** Milliseconds that gathering, a late token and knocking may take from the moment an attempt is due to its `POST`. */
const TO_THE_REQUEST = 12_500;
const MAX_RETRY_AFTER = 120;
const STABLE_AFTER = 10_000;
/** Milliseconds after which one attempt is made offline, since the browser may be wrong. */
const OFFLINE_RETRY = 30_000;

interface Announcement extends ReconnectInfo {
  at: number;
  isOnLine: boolean;
  /** The configurations that it may have been planned with. */
  configs: ReconnectConfig[];
  minDelay: number;
}

interface Outage {
  cause: string;
  lostAt: number;
  /** The same as it was told, by a wall clock that may have been set since. */
  lostAtTold: number;
  /** The last counted attempt, at first the one of before the loss. */
  attempt: number;
  repairs: number;
  isReplacing: boolean;
}

interface Publishing {
  at: number;
  /** The answer's status, null where none comes, undefined where it is still to come. */
  status: number | null | undefined;
  answeredAt: number;
}

/** What may follow a status while a broadcast runs. */
const NEXT: Record<string, string> = {
  signalling: 'connected StartBroadcastSuccess',
  connected: 'connected StartBroadcastSuccess broadcasting reconnecting_broadcast',
  StartBroadcastSuccess: 'broadcasting',
  broadcasting: 'reconnecting_broadcast',
  reconnecting_broadcast: 'reconnecting_broadcast connected',
};

/** Sees everything that one user does, and fails at the first thing that it may not do. */
export class Witness {
  readonly #rig: TestRig;
  readonly #page: PageState;
  /** What was last told of the broadcast that runs; null while none does. */
  last: string | null = null;
  #hasStarted = false;
  #liveSince = 0;
  #attempts = 0;
  #outage: Outage | null = null;
  #announced: Announcement | null = null;
  #retryAfterAt = -Infinity;
  /** When a request was last answered. */
  #answeredAt = -Infinity;
  /** When the last attempt began that published. */
  #begunAt = -Infinity;
  #configErrors = 0;
  #failures: Error[] = [];
  #configs: { at: number; reconnect: ReconnectConfig | null }[] = [];
  readonly #publishings = new Map<string, Publishing[]>();
  readonly #pending = new Map<RecordedRequest, Publishing>();
  /** Sessions of which the server said that they are gone. */
  readonly #excused = new Set<string>();

  constructor(rig: TestRig, page: PageState) {
    this.#rig = rig;
    this.#page = page;
    rig.server.onRequest = (request) => this.#collect(() => this.#seeRequest(request));
    rig.server.onAnswer = (request, response) => this.#collect(() => this.#seeAnswer(request, response));
    rig.onEvent = (event) => this.#collect(() => this.#seeEvent(event));
  }

  /** The configuration that holds from now on. */
  configured(reconnect: ReconnectConfig | null): void {
    this.#configs.push({ at: this.#rig.clock.trueNow, reconnect });
  }

  /** What holds in every moment, and what holds once everything has settled. */
  check(isSettled = true): void {
    for (const failure of this.#failures) throw failure;
    const { peers } = this.#rig;
    const open = peers.filter(({ connectionState }) => connectionState !== 'closed');
    // One with another kind of track is made before the old one is closed.
    const most = isReplacement(this.#announced?.cause) ? 2 : 1;
    assert.ok(open.length <= most, `${open.length} peer connections are open`);
    for (const { sender } of isSettled ? open.flatMap(({ transceivers }) => transceivers) : []) {
      const isMuted = this.#page.muted[sender.kind];
      if (isMuted && sender.track) assert.equal(sender.track.enabled, false, `the ${sender.kind} is sent unmuted`);
    }
  }

  /** What holds once everything was stopped and time has passed. */
  checkEnd(): void {
    this.check();
    const { server, clock, peers, networkWatchers } = this.#rig;
    const left = [...server.sessions].filter((url) => !this.#excused.has(url));
    assert.deepEqual(left, [], 'a session is left on a server that can be reached for 60 s');
    assert.equal(clock.pending, 0, 'a timer is left');
    assert.equal(networkWatchers, 0, 'the network is still watched');
    for (const peer of peers) assert.equal(peer.connectionState, 'closed', `${peer.name} is open`);
    assert.equal(this.last, null, 'the broadcast was ended by one event');
    assert.equal(this.#configErrors, this.#page.wrongConfigs, 'each wrong configuration is told once');
  }

  /** Handlers and requests come from inside the engine, which may swallow what is thrown there. */
  #collect(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#failures.push(error as Error);
    }
  }

  #seeEvent(event: RtcUserEvent): void {
    const name = event.name === 'BroadcastStatus' ? event.data.message : event.name;
    if (name === 'SetConfigError') this.#configErrors += 1;
    if (name === 'StartBroadcastError') this.#seeStartError((event as RtcUserEvent<'StartBroadcastError'>).error.code);
    if (name === 'BroadcastError') {
      assert.ok(this.#hasStarted && this.last, 'only a broadcast that was live is given up');
      assert.equal((event as RtcUserEvent<'BroadcastError'>).error.code, 5002);
      this.last = null;
    }
    if (name === 'StopBroadcastSuccess') this.last = null;
    if (event.name !== 'BroadcastStatus' && name !== 'StartBroadcastSuccess') return;
    if (name === 'signalling') {
      assert.equal(this.last, null, 'a broadcast starts before the last one has ended');
      this.#hasStarted = false;
      this.#attempts = 0;
      this.#outage = this.#announced = null;
    } else {
      assert.ok(this.last !== null, `${name} comes after the end`);
      assert.ok(NEXT[this.last]?.split(' ').includes(name), `${name} comes after ${this.last}`);
    }
    if (name === 'StartBroadcastSuccess') {
      assert.equal(this.#hasStarted, false, 'a broadcast starts twice');
      this.#hasStarted = true;
    }
    if (name === 'broadcasting') this.#seeLive();
    if (name === 'reconnecting_broadcast') this.#seeAttempt((event as RtcUserEvent<'BroadcastStatus'>).data.reconnect);
    this.last = name;
  }

  #seeStartError(code: number): void {
    // A call that comes to nothing before it has begun, while an earlier broadcast may still run or stop.
    if ([1006, 4001, 6001].includes(code)) return;
    assert.equal(this.#hasStarted && this.last !== null, false, 'the start of a live broadcast fails');
    this.last = null;
  }

  #seeLive(): void {
    assert.ok(this.#hasStarted);
    if (this.#outage) this.#attempts = this.#outage.attempt;
    this.#outage = null;
    this.#announced = null;
    this.#liveSince = this.#rig.clock.trueNow;
  }

  #seeAttempt(info: ReconnectInfo | undefined): void {
    assert.ok(info && this.#hasStarted);
    const at = this.#rig.clock.trueNow;
    const { cause, method, attempt, maxRetries } = info;
    // What is lost while an added track waits for its session is a loss of its own, even in the same millisecond.
    const isOwnLoss = method === 'ice-restart' || info.lostAt !== this.#outage?.lostAtTold;
    if (isReplacement(this.#outage?.cause) && !isReplacement(cause) && isOwnLoss) this.#outage = null;
    const lostAt = this.#outage?.lostAt ?? info.lostAt - this.#rig.clock.wallStep;
    assert.equal(
      info.delay === null,
      info.waitingFor === 'network',
      'a delay is told unless the network is waited for',
    );
    const delay = info.delay ?? 0;
    const lived = lostAt - this.#liveSince - STABLE_AFTER;
    const told = method === 'ice-restart' || isReplacement(cause) ? attempt : attempt - 1;
    // Dates are told in whole milliseconds.
    const isEither = Math.abs(lived) <= ROUNDING && (told === 0 || told === this.#attempts);
    const before = isEither ? told : lived >= 0 ? 0 : this.#attempts;
    const isFirst = this.#outage === null;
    const outage = (this.#outage ??= {
      cause,
      lostAt,
      lostAtTold: info.lostAt,
      attempt: before,
      repairs: 0,
      isReplacing: false,
    });
    assert.ok(lostAt <= at && info.lostAt === outage.lostAtTold, 'the moment of the loss is one');
    const last = this.#announced;
    // What an attempt waits for is told anew when it changes.
    const isSame = last?.method === method && last.attempt === attempt;
    const isRetold = isSame && last.waitingFor !== info.waitingFor;
    const configs = [...(isSame ? last.configs : []), ...this.#configAt(at)];
    const config = configs.find((held) => held.maxRetries === maxRetries);
    assert.ok(config, `${maxRetries} retries are not what is configured`);
    if (method === 'ice-restart') {
      if (!isRetold) outage.repairs += 1;
      assert.ok(outage.repairs <= 2 && !outage.isReplacing, 'a repair comes too late');
      assert.ok(attempt === outage.attempt, `a repair counts as attempt ${attempt}`);
      assert.ok(cause !== 'server' && !isReplacement(cause), `a repair cannot help where the cause is ${cause}`);
    } else {
      const { at: toldAt = Infinity, isOnLine = true } = this.#announced ?? {};
      const isAgain = outage.isReplacing && (!isOnLine || this.#page.offlineAt >= toldAt);
      // A new kind of track needs a session that counts as no attempt.
      const isUncounted = isAgain || isReplacement(cause);
      const isNext = attempt === outage.attempt + 1 || (isUncounted && attempt === outage.attempt);
      assert.ok(isNext, `attempt ${attempt} comes after ${outage.attempt}`);
      assert.ok(attempt <= maxRetries, `attempt ${attempt} of ${maxRetries}`);
      Object.assign(outage, { attempt, isReplacing: true });
    }
    const isAsked = this.#retryAfterAt >= lostAt;
    const longest = Math.max(...configs.map(({ maxDelay }) => maxDelay), isAsked ? MAX_RETRY_AFTER : 0);
    assert.ok(delay >= 0 && delay <= longest + ROUNDING / 1000, `a wait of ${delay} s`);
    const minDelay = Math.min(...configs.map((held) => held.minDelay));
    const isOld = method === 'ice-restart' && !isFirst;
    // Nothing was lost where a kind of track was added.
    const isPlanned = info.delay !== null && !isOld && !isReplacement(cause);
    assert.ok(
      !isPlanned || at + delay * 1000 >= lostAt + minDelay * 1000 - ROUNDING,
      'an attempt is planned too early',
    );
    this.#announced = { ...info, lostAt, at, minDelay, isOnLine: this.#rig.isOnLine, configs };
  }

  /** Every configuration that has held in this moment. */
  #configAt(at: number): ReconnectConfig[] {
    const until = this.#configs.findLastIndex((one) => one.at < at);
    return this.#configs.slice(Math.max(until, 0)).flatMap(({ reconnect }) => reconnect ?? []);
  }

  #seeRequest(request: RecordedRequest): void {
    if (request.method !== 'POST') return;
    const { peers } = this.#rig;
    const name = /^a=ice-ufrag:ufrag(\d+)/m.exec(request.body)?.[1] ?? '';
    const open = peers.flatMap(({ connectionState }, index) => (connectionState === 'closed' ? [] : String(index + 1)));
    // What goes out in the very moment of a stop may.
    const isStopping = open.length === 0 && this.#page.stoppedAt === request.at;
    const besides = isReplacement(this.#announced?.cause) ? open.slice(0, -1) : [];
    if (!isStopping) assert.deepEqual(open, [...besides, name], 'a POST of the newest open peer connection');
    assert.ok(besides.length <= 1, 'a POST beside more than one peer connection');
    const before = this.#publishings.get(name) ?? [];
    const publishing: Publishing = { at: request.at, status: undefined, answeredAt: Infinity };
    this.#publishings.set(name, [...before, publishing]);
    this.#pending.set(request, publishing);
    if (this.#hasStarted && before.length === 0) this.#seeNewAttempt(request.at);
    if (before.length > 0) this.#seeFurtherPost(before, request.at);
  }

  #seeNewAttempt(at: number): void {
    const announced = this.#announced;
    assert.ok(
      announced?.method === 'new-session' && this.last === 'reconnecting_broadcast',
      'an attempt comes unannounced',
    );
    const earliest = isReplacement(announced.cause) ? announced.lostAt : announced.lostAt + announced.minDelay * 1000;
    assert.ok(at >= earliest - ROUNDING, 'an attempt comes before minDelay');
    const due = announced.at + (announced.delay ?? 0) * 1000;
    const isRefuted = this.#answeredAt >= this.#page.changedAt;
    const isLongAgo = at - Math.max(announced.lostAt, this.#begunAt) >= OFFLINE_RETRY - ROUNDING;
    // A new kind of track comes where media flows, which refutes it too.
    const mayTry = this.#rig.isOnLine || isRefuted || isLongAgo || isReplacement(announced.cause);
    // A network that came back begins an attempt early, and may be gone before the request.
    const wentOffline = this.#page.offlineAt >= due || this.#page.onlineAt >= announced.at;
    assert.ok(mayTry || wentOffline, 'an attempt is made offline');
    this.#begunAt = Math.min(at, Math.max(due, announced.at));
    const hasSlept = this.#page.sleptAt >= announced.at;
    const hasChanged = this.#page.changedAt >= announced.at || hasSlept;
    assert.ok(hasChanged || at >= due - ROUNDING, 'an attempt comes before it is due');
    const isParked = this.#page.offlineAt >= announced.at || hasSlept;
    assert.ok(isParked || at <= due + TO_THE_REQUEST, `an attempt comes ${at - due} ms late`);
  }

  /** Once more after each 401; and once more where no answer has come for a second, or no answer could be read. */
  #seeFurtherPost(before: Publishing[], at: number): void {
    const refreshes = before.filter(({ status }) => status === 401).length;
    const isHedge = before.length > refreshes;
    if (!isHedge) return;
    assert.ok(before.length - refreshes === 1, 'a third POST of one attempt');
    const [first] = before;
    const isUnanswered = first?.status === null && first.answeredAt <= at;
    assert.ok(isUnanswered || at - (first?.at ?? at) >= 1_000, 'a second POST of one attempt');
    const { cause } = this.#announced ?? {};
    const isPathDoubtful = cause === 'network' || cause === 'suspended';
    assert.ok(this.#hasStarted && isPathDoubtful, 'a second POST where the path is not in doubt');
  }

  #seeAnswer(request: RecordedRequest, response: Response | null): void {
    const publishing = this.#pending.get(request);
    if (publishing)
      Object.assign(publishing, { status: response?.status ?? null, answeredAt: this.#rig.clock.trueNow });
    if (response) this.#answeredAt = this.#rig.clock.trueNow;
    if (response?.headers.has('Retry-After')) this.#retryAfterAt = this.#rig.clock.trueNow;
    const isGone = request.method === 'DELETE' && [404, 410].includes(response?.status ?? 0);
    if (isGone) this.#excused.add(request.url);
  }
}

/** Whether nothing was lost: a session is to be replaced. */
function isReplacement(cause: string | undefined): boolean {
  return cause === 'tracks' || cause === 'encoder';
}
