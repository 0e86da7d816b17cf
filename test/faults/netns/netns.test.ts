import assert from 'node:assert/strict';
import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Netns, SERVER_ADDRESS } from '../../support/netns.js';
import type { Question } from '../../support/netns-probe.js';
import { run, whyNoNetns } from '../../support/netns-tools.js';

const PROBE = fileURLToPath(new URL('../../support/netns-probe.ts', import.meta.url));

const skip = whyNoNetns() ?? false;

/** Milliseconds to wait for an answer that has to come, and for one that must not. */
const LONG = 5000;
const SHORT = 300;

/** What of each kind gets through: one packet there and back, one connection. */
interface Through {
  udp: boolean;
  tcp: boolean;
}

describe('A pair of networks', () => {
  let netns: Netns;
  let processes: ChildProcess[] = [];

  before(async () => {
    if (skip !== false) return;
    netns = Netns.open();
    const env = { NETNS_HOST: SERVER_ADDRESS };
    processes = (['client', 'server'] as const).map((side) => netns.spawn(side, PROBE, { ...env, NETNS_SIDE: side }));
    await Promise.all(processes.map((one) => once(one, 'message')));
  });

  after(async () => {
    for (const one of processes) {
      const exited = once(one, 'exit');
      one.disconnect();
      await exited;
    }
    if (skip === false) netns.close();
  });

  async function ask<T>(question: Question): Promise<T> {
    const [client] = processes as [ChildProcess];
    const answered = once(client, 'message');
    client.send(question);
    const [answer] = (await answered) as [T];
    return answer;
  }

  /** Long is waited only for an answer that has to come. */
  async function assertAnswered(isExpected: boolean, by: 'udp' | 'tcp', from?: string): Promise<void> {
    const patience = isExpected ? LONG : SHORT;
    assert.equal(await ask({ by, patience, ...(from && { from }) }), isExpected, `${by} ${from ?? ''}`);
  }

  async function assertThrough({ udp, tcp }: Through): Promise<void> {
    await assertAnswered(udp, 'udp');
    await assertAnswered(tcp, 'tcp');
  }

  const ALL: Through = { udp: true, tcp: true };
  const NONE: Through = { udp: false, tcp: false };

  function test(what: string, body: () => Promise<void>): void {
    it(what, { skip }, async () => {
      await assertThrough(ALL);
      await body();
      netns.reset();
      await assertThrough(ALL);
    });
  }

  test('loses everything in a black hole, until it heals', async () => {
    netns.drop();
    await assertThrough(NONE);
    netns.heal();
    await assertThrough(ALL);
  });

  test('loses UDP alone', async () => {
    netns.drop('udp');
    await assertThrough({ udp: false, tcp: true });
  });

  test('loses TCP alone', async () => {
    netns.drop('tcp');
    await assertThrough({ udp: true, tcp: false });
  });

  test('loses on one link what would get through on the other', async () => {
    netns.drop('all', ['wifi']);
    await assertThrough(NONE);
    netns.switchTo('mobile');
    await assertThrough(ALL);
    assert.deepEqual(await ask('addresses'), ['10.90.2.2']);
  });

  test('loses some of the packets', async () => {
    netns.lose(30);
    let arrived = 0;
    for (let sent = 0; sent < 20; sent++) arrived += Number(await ask<boolean>({ by: 'udp', patience: SHORT }));
    // A question is answered in half of the cases, since it has to get there and back.
    assert.ok(arrived > 1 && arrived < 19, `${arrived} of 20`);
  });

  test('has no path while the interface is down or the far end is gone', async () => {
    netns.linkDown('wifi');
    await assertThrough(NONE);
    assert.deepEqual(await ask('addresses'), []);
    netns.linkUp('wifi');
    await assertThrough(ALL);
    netns.carrierDown('wifi');
    await assertThrough(NONE);
    netns.carrierUp('wifi');
    await assertThrough(ALL);
  });

  test('gives another address, and takes the old one away', async () => {
    netns.renumber('wifi');
    assert.deepEqual(await ask('addresses'), ['10.90.1.3']);
    await assertThrough(ALL);
    await assertAnswered(true, 'udp', '10.90.1.3');
    await assertAnswered(false, 'udp', '10.90.1.2');
  });

  test('sends over each of two links what is sent from its address', async () => {
    netns.linkUp('mobile');
    await assertAnswered(true, 'udp', '10.90.1.2');
    await assertAnswered(true, 'udp', '10.90.2.2');
    netns.drop('all', ['wifi']);
    await assertAnswered(false, 'udp', '10.90.1.2');
    await assertAnswered(true, 'udp', '10.90.2.2');
  });

  it('is removed with the next one where its owner was killed, and others are left alone', { skip }, () => {
    // The pid of a process that has ended is nobody's, for some time.
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const [stale, living, foreign] = [`nwc-${pid}-1-c`, `nwc-${process.pid}-900-s`, `nwcx-${pid}-1-c`];
    const names = () => run('ip', ['netns', 'list']).split('\n');
    for (const name of [stale, living, foreign]) run('ip', ['netns', 'add', name]);
    try {
      const other = Netns.open();
      try {
        const left = names().map((line) => line.split(' ')[0]);
        assert.deepEqual(
          [stale, living, foreign].filter((name) => left.includes(name)),
          [living, foreign],
        );
      } finally {
        other.close();
      }
    } finally {
      for (const name of [living, foreign]) run('ip', ['netns', 'del', name]);
    }
  });
});
