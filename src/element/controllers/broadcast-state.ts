import type { RtcUserError } from '../../core/api/errors.js';
import type { DeviceList, ReconnectInfo, RtcUserEvent } from '../../core/api/events.js';
import type { AskedFor, CaptureTrouble, Failure } from '../controls/model.js';
import { classifyFailure } from '../sentences.js';
import type { Status } from '../webcaster-core.js';
import { monotonicNow } from './clock.js';
import { StatsHistory } from './stats-history.js';

/** An error, and when it came in milliseconds since 1970. */
export interface LoggedError {
  at: number;
  code: number;
  message: string;
}

/** What an event means depends on who asked for what. */
export interface Circumstances {
  /** A start is under way. */
  isStarting: boolean;
  /** A stop is under way. */
  isStopping: boolean;
  /** The preview was opened by the page or the person, and not by a start. */
  isPreviewOwn: boolean;
  /** A start waits for what is being opened. */
  isOpeningForStart: boolean;
  /** The screen is what was captured until now. */
  isScreen: boolean;
  /** The page has given a stream of its own. */
  isGiven: boolean;
  /** What is asked for by the settings. */
  asked: AskedFor;
  /** The browser reports that it is offline. */
  isOffline: boolean;
}

/** What is known of the broadcast, from the core's events and from the starts and stops of the element. */
export class BroadcastState {
  #status: Status = 'idle';
  #troubles: readonly CaptureTrouble[] = [];
  /** What the broadcast goes on without, whatever its device does meanwhile. */
  #unsent: readonly CaptureTrouble[] = [];

  readonly stats = new StatsHistory();
  /** The last errors of all kinds, oldest first. */
  errors: readonly LoggedError[] = [];
  error: RtcUserError | null = null;
  /** What failed last, for people; null while the status is another one. */
  failure: Failure | null = null;
  /** Why what was chosen last while live could not be opened; null once that is no news. */
  refusal: Failure | null = null;
  /** When the broadcast became live, on the monotonic clock; null if none is live. Losses do not change it. */
  liveSince: number | null = null;
  /** Seconds that the last broadcast was live; null if none ended since the last start. */
  endedAfter: number | null = null;
  reconnect: ReconnectInfo | null = null;
  /** When the next attempt to reconnect begins, on the monotonic clock; null if none is planned. */
  nextAttemptAt: number | null = null;
  devices: DeviceList = { audiodevices: [], videodevices: [] };
  /** Labels of devices that are or were there, by id. */
  readonly labels: Record<string, string> = {};
  /** Whether somebody had the core go live, and it has not ended. */
  isCoreLive = false;

  get status(): Status {
    return this.#status;
  }

  /** What is wrong with what is captured, the newest last; one of a kind. */
  get troubles(): readonly CaptureTrouble[] {
    const isSent = ({ kind }: CaptureTrouble) => !this.#unsent.some((trouble) => trouble.kind === kind);
    return [...this.#troubles.filter(isSent), ...this.#unsent];
  }

  /** The one writer of the status. */
  set(status: Status, error: RtcUserError | null = null): void {
    this.#status = status;
    this.error = error;
    this.failure = null;
    // What a connection that is up again was lost by is known until media is acknowledged.
    if (status !== 'connected') this.reconnect = null;
    this.nextAttemptAt = null;
    if (status === 'broadcasting') this.liveSince ??= monotonicNow();
    if (status !== 'idle' && status !== 'failed') return;
    this.refusal = null;
    this.#unsent = [];
    // The encoder has ended with the broadcast.
    this.#troubles = this.#troubles.filter(({ problem }) => problem !== 'stalled');
    if (this.liveSince !== null) this.endedAfter = (monotonicNow() - this.liveSince) / 1000;
    this.liveSince = null;
    this.stats.clear();
  }

  clearTroubles(): void {
    this.#troubles = this.#unsent = [];
  }

  /** Follows an event of the core; returns whether anything changed that is shown. */
  follow(event: RtcUserEvent, circumstances: Circumstances): boolean {
    if ('error' in event) this.#log(event.error);
    switch (event.name) {
      case 'BroadcastStatus':
        // The core had emitted it before it was stopped.
        if (circumstances.isStopping) return false;
        this.isCoreLive = true;
        this.set(event.data.message);
        if (event.data.reconnect) this.#setReconnect(event.data.reconnect);
        return true;
      case 'StopBroadcastSuccess':
        this.isCoreLive = false;
        this.set('idle');
        return true;
      case 'BroadcastError':
        this.isCoreLive = false;
        return this.#fail(event.error, 'broadcast', circumstances);
      case 'StartBroadcastError':
        // One that a page starts beside the running one ends nothing.
        this.isCoreLive = event.error.code === RUNNING_ALREADY;
        return !this.isCoreLive && this.#fail(event.error, 'start', circumstances);
      case 'SignInError':
        // One that comes after a stop concerns nobody any more, and a probe without an answer does not decide.
        if (!circumstances.isStarting || event.error.code === UNREACHABLE) return false;
        return this.#fail(event.error, 'start', circumstances);
      case 'StartPreviewError':
        return this.#followPreviewError(event.error, circumstances);
      case 'StartPreviewSuccess':
        if (this.failure?.step === 'preview') this.set('idle');
        this.refusal = null;
        this.#forgetUncaptured(event.data.stream.getTracks());
        return true;
      case 'StopPreviewSuccess':
        if (this.failure?.step === 'preview') this.set('idle');
        if (!circumstances.isGiven) this.clearTroubles();
        return true;
      case 'ReceivedDeviceList':
        this.devices = event.data.devices;
        for (const { id, deviceId } of Object.values(this.devices).flat())
          if (deviceId && id) this.labels[deviceId] = id;
        return true;
      case 'CaptureStatus':
        this.#followCapture(event.data, circumstances);
        return true;
      case 'ReceivedWebRTCStats':
        return this.isCoreLive && this.stats.take(event.data);
      default:
        return false;
    }
  }

  #setReconnect(reconnect: ReconnectInfo): void {
    // The next session may send it.
    this.#unsent = [];
    // What was measured before the loss no longer applies.
    this.stats.forget();
    this.reconnect = reconnect;
    const { delay } = reconnect;
    this.nextAttemptAt = delay === null ? null : monotonicNow() + delay * 1000;
  }

  /** A device that cannot be switched to while live, or once a start has opened what it needs, ends nothing: a notice is shown. */
  #followPreviewError(error: RtcUserError, circumstances: Circumstances): boolean {
    const { isStarting, isOpeningForStart, isPreviewOwn } = circumstances;
    if (!this.isCoreLive && isStarting) return isOpeningForStart && this.#fail(error, 'start', circumstances);
    const { isOffline, asked } = circumstances;
    const refusal = toFailure(error, 'preview', { isOffline, asked: this.isCoreLive ? undefined : asked });
    if (isPickerClosed(refusal)) return false;
    if (!this.isCoreLive) return isPreviewOwn && this.#fail(error, 'preview', circumstances);
    if (refusal.headline === 'setup') return false;
    this.refusal = refusal;
    return true;
  }

  #followCapture(data: RtcUserEvent<'CaptureStatus'>['data'], { isScreen, isGiven }: Circumstances): void {
    const { kind, state, device } = data;
    // The camera that takes over may open a moment later.
    const isScreenOver = kind === 'videoinput' && (isScreen || this.#troubles.some((before) => before.isScreen));
    const problem = isGiven && state === 'missing' ? 'ended' : state;
    const trouble = { kind, problem, device, isScreen: isScreenOver } as CaptureTrouble;
    const isOther = (other: CaptureTrouble) => other.kind !== kind;
    if (state === 'unsent') {
      this.#unsent = [...this.#unsent.filter(isOther), trouble];
      return;
    }
    // The camera is back after the person has ended the sharing: as wanted.
    const isWanted = state === 'live' || (isScreenOver && state === 'substituted');
    this.#troubles = [...this.#troubles.filter(isOther), ...(isWanted ? [] : [trouble])];
  }

  /** Nothing is missing of what is not wanted any more. */
  #forgetUncaptured(captured: readonly MediaStreamTrack[]): void {
    const isCaptured = ({ kind }: CaptureTrouble) => captured.some((track) => kind.startsWith(track.kind));
    this.#unsent = this.#unsent.filter(isCaptured);
    this.#troubles = this.#troubles.filter(isCaptured);
  }

  #fail(error: RtcUserError, step: Failure['step'], circumstances: Circumstances): boolean {
    this.set('failed', error);
    this.failure = toFailure(error, step, circumstances);
    // The person on air is only sent to the site, so its author has to find the reason elsewhere.
    if (this.failure.headline === 'setup' || error.code === 1000) console.error(`<nano-webcaster>: ${error.message}`);
    return true;
  }

  #log({ code, message }: RtcUserError): void {
    this.errors = [...this.errors, { at: Date.now(), code, message }].slice(-ERRORS_KEPT);
  }
}

const ERRORS_KEPT = 10;

/** The code of a start while a broadcast is running. */
const RUNNING_ALREADY = 1006;

/** The code of a screen that was not shared. */
export const SCREEN_FAILED = 6008;

/** The code of a probe that had no answer: publishing may succeed all the same. */
export const UNREACHABLE = 4000;

/** The person knows. */
function isPickerClosed({ code, causeName, isBlockedBySystem, message }: Failure): boolean {
  const isBlocked = isBlockedBySystem || message.includes('Permissions-Policy');
  return code === SCREEN_FAILED && causeName === 'NotAllowedError' && !isBlocked;
}

function toFailure(
  { code, message, cause }: RtcUserError,
  step: Failure['step'],
  { isOffline, asked }: Pick<Failure, 'isOffline' | 'asked'>,
): Failure {
  const thrown: (Error & { status?: number | null }) | undefined = cause instanceof Error ? cause : undefined;
  // Chromium's text; other browsers have none for it.
  const isBlockedBySystem = thrown?.name === 'NotAllowedError' && thrown.message.includes('by system');
  const causeStatus = thrown?.status ?? null;
  const causeName = thrown?.name ?? '';
  const facts = { step, code, message, causeName, causeStatus, asked, isBlockedBySystem, isOffline };
  return { ...facts, ...classifyFailure(facts) };
}
