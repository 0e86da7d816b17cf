import { wait } from '../platform/timing.js';
import { belongsTo, buildFragment, type FragmentCandidate, type FragmentSource } from '../whip/sdp-fragment.js';
import type { WhipSession } from '../whip/whip-session.js';
import type { World } from '../platform/world.js';

/** Milliseconds to wait for more candidates, so that what a browser finds at once goes out in one request. */
const BATCH_WINDOW = 200;

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
   * Sends all that was not taken yet to the session, up to the last candidate.
   * @returns false where the server does not take candidates
   * @throws WhipError where no answer came; the reason of the signal
   */
  async sendTo(session: WhipSession, source: FragmentSource): Promise<boolean> {
    while (!this.#isAllSent) {
      await this.gathered(BATCH_WINDOW);
      if (!this.#isGathered && !this.#unsent.some((candidate) => belongsTo(source, candidate))) continue;
      if (!(await session.trickle(this.take(source), this.#signal))) return false;
    }
    return true;
  }
}
