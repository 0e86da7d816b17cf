import { setTimeout as delay } from 'node:timers/promises';
import type { Lane } from '../bench/lane.js';

/** One kind of fault; resolves when it is over. */
interface RandomFault {
  name: string;
  strike: (lane: Lane, random: () => number) => Promise<void>;
}

/** Seconds between two faults, so that some strike while the one before is being healed: at least, and at most more. */
const PAUSE = 1;
const PAUSE_SPREAD = 14;

const between = (least: number, most: number, random: () => number) => least + random() * (most - least);

const FAULTS: readonly RandomFault[] = [
  {
    name: 'nothing gets through',
    async strike(lane, random) {
      lane.each((relay) => relay.blackOut());
      await delay(between(0.5, 25, random) * 1000);
      lane.each((relay) => relay.heal());
    },
  },
  {
    name: 'media alone does not get through',
    async strike(lane, random) {
      lane.each((relay) => relay.udp({ cut: 'both' }));
      await delay(between(0.5, 15, random) * 1000);
      lane.each((relay) => relay.udp({ cut: 'none' }));
    },
  },
  {
    name: 'one way is silent',
    async strike(lane, random) {
      const cut = random() < 0.5 ? 'to-server' : 'to-client';
      lane.each((relay) => relay.udp({ cut }));
      await delay(between(1, 12, random) * 1000);
      lane.each((relay) => relay.udp({ cut: 'none' }));
    },
  },
  {
    name: 'another address',
    async strike(lane, random) {
      const linger = random() < 0.5 ? 0 : between(0, 3000, random);
      lane.each((relay) => relay.move({ linger, http: random() < 0.5 ? 'dead' : 'none' }));
      await delay(linger);
    },
  },
  { name: 'the server ends the session', strike: (lane) => lane.ingest.endSessions() },
  {
    name: 'the server is killed and started again',
    async strike(lane, random) {
      await lane.ingest.kill();
      await delay(between(0, 8, random) * 1000);
      await lane.ingest.start();
    },
  },
  {
    name: 'the server is frozen',
    async strike(lane, random) {
      lane.ingest.freeze();
      await delay(between(0.5, 12, random) * 1000);
      lane.ingest.thaw();
    },
  },
  {
    name: 'the server refuses with 503 after it ended the session',
    async strike(lane, random) {
      lane.ingest.quirks = { refuse: 503, ...(random() < 0.5 && { retryAfter: '2' }) };
      await lane.ingest.endSessions();
      await delay(between(1, 10, random) * 1000);
      lane.ingest.quirks = {};
    },
  },
  {
    name: 'all connections are reset',
    async strike(lane, random) {
      lane.each((relay) => relay.http('reset'));
      await delay(between(0, 5, random) * 1000);
      lane.each((relay) => relay.http('none'));
    },
  },
  {
    name: 'a third is lost',
    async strike(lane, random) {
      lane.each((relay) => relay.udp({ loss: 0.3, jitter: 200 }));
      await delay(between(5, 20, random) * 1000);
      lane.each((relay) => relay.udp({ loss: 0, jitter: 0 }));
    },
  },
];

/** Lets one random fault after the other happen for some time; all of them are over in the end. */
export async function strikeAtRandom(
  lane: Lane,
  seconds: number,
  random: () => number,
  say: (what: string) => void,
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const fault = FAULTS[Math.floor(random() * FAULTS.length)];
    say(`fault: ${fault?.name}`);
    await fault?.strike(lane, random);
    say('fault over');
    await delay(between(PAUSE, PAUSE + PAUSE_SPREAD, random) * 1000);
  }
}
