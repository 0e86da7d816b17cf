import { DEFAULT_RECONNECT, type ReconnectConfig } from '../../src/core/api/config.js';
import { waitBefore } from '../../src/core/broadcast/reconnect-policy.js';
import type { HerdPolicy } from './herd.js';

/** The element's configuration. */
const ELEMENT: ReconnectConfig = { ...DEFAULT_RECONNECT, maxRetries: 60 };

const elementDelay: HerdPolicy['wait'] = ({ attempt, retryAfter }, random, own) =>
  waitBefore({ ...ELEMENT, attempt, retryAfter, cause: 'server' }, retryAfter === null ? own : random);

/** The element's policy for clients that the server itself has cut off. */
export function ownPolicy(): HerdPolicy {
  return { name: 'nano-webcaster', wait: elementDelay };
}

/** Seconds until missing feedback is noticed: at least, and at most so much more. */
const SILENCE = 2;
const BETWEEN_LOOKS = 0.25;
/** Seconds between the two probes that have to be refused before an ICE restart is given up. */
const BETWEEN_PROBES = 1;

/**
 * The same if the server ended without a DTLS close. A server that runs again answers the ICE restart with 404; one that does
 * not refuses the two probes before it. Both show that the server is the cause.
 */
export function ownPolicyAfterSilence(down: number): HerdPolicy {
  const probes = down < SILENCE ? 0 : BETWEEN_PROBES;
  return {
    name: 'nano-webcaster, killed',
    wait: (turn, random, own) => {
      const seconds = elementDelay(turn, random, own);
      if (seconds === null || turn.attempt > 1) return seconds;
      // The time since the loss counts towards the least delay.
      return SILENCE + random() * BETWEEN_LOOKS + probes + seconds - ELEMENT.minDelay;
    },
  };
}

/** Seconds before each attempt; what follows upon the last one is as given, nothing means the end. */
function listed(name: string, waits: readonly number[], then: number | null = null): HerdPolicy {
  return { name, wait: ({ attempt }) => waits[attempt - 1] ?? then };
}

/** Waits that grow by a factor up to a limit. */
function growing(name: string, first: number, factor: number, most: number, attempts = Infinity): HerdPolicy {
  return {
    name,
    wait: ({ attempt }) => (attempt > attempts ? null : Math.min(first * factor ** (attempt - 1), most)),
  };
}

/** What other publishers do, as their sources or documents have it; every one of them learns of the loss at once. */
export const PEER_POLICIES: readonly HerdPolicy[] = [
  listed('MediaMTX page', [], 2),
  {
    name: 'LiveKit',
    wait: ({ attempt }, random) => {
      const base = [0, 0.3, 1.2, 2.7, 4.8, 7, 7, 7, 7, 7][attempt - 1];
      return base === undefined ? null : base + (attempt > 2 ? random() : 0);
    },
  },
  { name: 'Millicast', wait: ({ attempt }) => (attempt === 1 ? 0 : Math.min(2 ** (attempt - 1), 32)) },
  growing('partytracks', 0.25, 1.1, 10),
  {
    name: 'OBS',
    wait: ({ attempt }, random) => (attempt > 20 ? null : Math.min(2 * (1.5 + random() * 0.05) ** (attempt - 1), 900)),
  },
  listed('IVS Stage', [0, 2, 4, 8]),
  listed('IVS low-latency', [0, 5, 10, 20, 40]),
  growing('Livepeer', 0.5, 2, Infinity),
  growing('nanoStream 6', 2, 1.25, 15, 10),
  listed('Ant Media v1', [1], 3.5),
  { name: 'Ant Media v2', wait: (_turn, random) => 1.5 * (0.8 + random() * 0.4) },
];
