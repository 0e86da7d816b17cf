import { wait } from '../platform/timing.js';
import { belongsTo, buildFragment, type FragmentCandidate, type FragmentSource } from '../whip/sdp-fragment.js';
import { isPassing } from '../whip/whip-error.js';
import type { WhipSession } from '../whip/whip-session.js';
import type { World } from '../platform/world.js';

/** Milliseconds to wait for more candidates, so that what a browser finds at once goes out in one request. */
const BATCH_WINDOW = 200;

/** Milliseconds before candidates that the server could not take are sent again. */
const RETRY_AFTER = [1_000, 2_000, 4_000];

/**
 * Holds back the candidates of one offer until there is a session to send them to, then sends them in batches, one
 * after the other (RFC 9725 section 4.3.2).
 */
export class CandidateTrickle {
  readonly #signal: AbortSignal;
  readonly #world: World;
  readonly #gathered: Promise<void>;
  #isGathered = false;
  #isAllSent = false;
  #unsent: FragmentCandidate[] = [];

  constructor(connection: RTCPeerConnection, signal: AbortSignal, world: World) {
    this.#signal = signal;
    this.#world = world;
    this.#gathered = new Promise((resolve) => {
      const take = ({ candidate }: RTCPeerConnectionIceEvent) => {
        if (candidate) return void this.#unsent.push(candidate);
        this.#isGathered = true;
        resolve();
      };
      connection.addEventListener('icecandidate', take, { signal });
    });
  }

  /** Resolves when all candidates are known, at the latest after `milliseconds`. */
  async gathered(milliseconds: number): Promise<void> {
    await Promise.race([this.#gathered, wait(milliseconds, this.#world, this.#signal)]);
  }

  /** Leaves out what was found so far: the offer has it. */
  skipFound(): void {
    this.#unsent = [];
  }

  /** What was found since the last fragment, as the next one. */
  take(source: FragmentSource): string {
    const batch = this.#unsent.filter((candidate) => belongsTo(source, candidate));
    this.#unsent = [];
    this.#isAllSent = this.#isGathered;
    return buildFragment(source, batch, this.#isGathered);
  }

  /**
   * Sends all that was not taken yet to the session, up to the last candidate; what fails for a moment is sent again.
   * @param onFailure called when candidates could not be sent and are still to be sent again
   * @returns false where the server does not take candidates
   * @throws WhipError where no answer came, or none that shows whether they are taken; the reason of the signal
   */
  async sendTo(
    session: WhipSession,
    source: FragmentSource,
    onFailure: () => void = () => undefined,
  ): Promise<boolean> {
    while (!this.#isAllSent) {
      await this.gathered(BATCH_WINDOW);
      if (!this.#isGathered && !this.#unsent.some((candidate) => belongsTo(source, candidate))) continue;
      if (!(await this.#send(session, this.take(source), onFailure))) return false;
    }
    return true;
  }

  async #send(session: WhipSession, fragment: string, onFailure: () => void): Promise<boolean> {
    for (const delay of RETRY_AFTER) {
      try {
        return await session.trickle(fragment, this.#signal);
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
      onFailure();
      await wait(delay, this.#world, this.#signal);
    }
    return session.trickle(fragment, this.#signal);
  }
}
