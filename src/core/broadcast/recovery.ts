import type { ReconnectConfig } from '../config.js';
import { messageOf, RtcUserError } from '../errors.js';
import type { ReconnectInfo } from '../events.js';
import { wait } from '../timing.js';
import { WhipError } from '../whip/whip-error.js';
import type { World } from '../world.js';
import type { Connection, Loss } from './connection.js';
import { isFinal, waitBefore } from './reconnect-policy.js';

export interface Recovery {
  loss: Loss;
  /** Successive attempts that were made for earlier losses. */
  attemptsBefore: number;
  /** Read before every wait: a page may change it at any time. */
  reconnect: () => ReconnectConfig | null;
  open: () => Promise<Connection>;
  onAttempt: (info: ReconnectInfo) => void;
  world: World;
  signal: AbortSignal;
}

export interface Recovered {
  connection: Connection;
  /** Successive attempts so far. */
  attempts: number;
}

/**
 * Brings a lost broadcast back: waits, opens a new connection, and again until one holds or the policy ends it.
 * @throws RtcUserError 5002 when it is given up; the reason of the signal
 */
export async function recover(recovery: Recovery): Promise<Recovered> {
  const { loss, world, signal } = recovery;
  let failure: WhipError | undefined;
  let since = loss.lostAt;
  for (let attempt = recovery.attemptsBefore + 1; ; attempt++) {
    const reconnect = recovery.reconnect();
    const { cause, lostAt } = loss;
    const seconds =
      reconnect && waitBefore({ ...reconnect, attempt, cause, retryAfter: failure?.retryAfter ?? null }, world.random);
    if (reconnect === null || seconds === null) throw givenUp(loss, attempt - 1, failure);
    // Never longer than the wait itself, also where the clock was set back.
    const milliseconds = Math.max(0, seconds * 1000 - Math.max(0, world.now() - since));
    const { maxRetries } = reconnect;
    recovery.onAttempt({ cause, rung: 'replace', attempt, maxRetries, delay: milliseconds / 1000, lostAt });
    await wait(milliseconds, world, signal);
    try {
      return { connection: await recovery.open(), attempts: attempt };
    } catch (error) {
      signal.throwIfAborted();
      failure = error instanceof WhipError ? error : new WhipError('transport', messageOf(error), { cause: error });
      since = world.now();
      if (isFinal(failure, { sinceLife: (since - lostAt) / 1000 })) throw givenUp(loss, attempt, failure);
    }
  }
}

function givenUp({ reason }: Loss, attempts: number, failure: WhipError | undefined): RtcUserError {
  const end =
    attempts === 0 ? 'Reconnection is off.' : `Given up after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}.`;
  return new RtcUserError(5002, [reason, failure?.message, end].filter(Boolean).join(' '), failure);
}
