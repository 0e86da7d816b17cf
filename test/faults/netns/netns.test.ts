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
    client.send(question as string);
    const [answer] = (await answered) as [T];
    return answer;
  }

  async function through(): Promise<Through> {
    return { udp: await ask('udp'), tcp: await ask('tcp') };
  }

  const ALL: Through = { udp: true, tcp: true };
  const NONE: Through = { udp: false, tcp: false };

  function test(what: string, body: () => Promise<void>): void {
    it(what, { skip }, async () => {
      assert.deepEqual(await through(), ALL);
      await body();
      netns.reset();
      assert.deepEqual(await through(), ALL);
    });
  }

  test('loses everything in a black hole, until it heals', async () => {
    netns.drop();
    assert.deepEqual(await through(), NONE);
    netns.heal();
    assert.deepEqual(await through(), ALL);
  });

  test('loses UDP alone', async () => {
    netns.drop('udp');
    assert.deepEqual(await through(), { udp: false, tcp: true });
  });

  test('loses TCP alone', async () => {
    netns.drop('tcp');
    assert.deepEqual(await through(), { udp: true, tcp: false });
  });

  test('loses on one link what would get through on the other', async () => {
    netns.drop('all', ['wifi']);
    assert.deepEqual(await through(), NONE);
    netns.switchTo('mobile');
    assert.deepEqual(await through(), ALL);
    assert.deepEqual(await ask('addresses'), ['10.90.2.2']);
  });

  test('loses some of the packets', async () => {
    netns.lose(30);
    let arrived = 0;
    for (let sent = 0; sent < 20; sent++) arrived += Number(await ask<boolean>('udp'));
    // A question is answered in half of the cases, since it has to get there and back.
    assert.ok(arrived > 1 && arrived < 19, `${arrived} of 20`);
  });

  test('has no path while the interface is down or the far end is gone', async () => {
    netns.linkDown('wifi');
    assert.deepEqual(await through(), NONE);
    assert.deepEqual(await ask('addresses'), []);
    netns.linkUp('wifi');
    assert.deepEqual(await through(), ALL);
    netns.carrierDown('wifi');
    assert.deepEqual(await through(), NONE);
    netns.carrierUp('wifi');
    assert.deepEqual(await through(), ALL);
  });

  test('gives another address, and takes the old one away', async () => {
    netns.renumber('wifi');
    assert.deepEqual(await ask('addresses'), ['10.90.1.3']);
    assert.deepEqual(await through(), ALL);
    assert.equal(await ask({ udpFrom: '10.90.1.3' }), true);
    assert.equal(await ask({ udpFrom: '10.90.1.2' }), false);
  });

  test('sends over each of two links what is sent from its address', async () => {
    netns.linkUp('mobile');
    assert.equal(await ask({ udpFrom: '10.90.1.2' }), true);
    assert.equal(await ask({ udpFrom: '10.90.2.2' }), true);
    netns.drop('all', ['wifi']);
    assert.equal(await ask({ udpFrom: '10.90.1.2' }), false);
    assert.equal(await ask({ udpFrom: '10.90.2.2' }), true);
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
