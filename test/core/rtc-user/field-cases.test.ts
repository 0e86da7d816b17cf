import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { infosOf } from '../support/ice-restarts.js';
import { TestRig } from '../support/test-rig.js';

describe('what a single answer or hint leaves undecided', () => {
  it('A1: sends DELETE again before each POST until the server has ended the session', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLiveWithoutRepair({ jwt: 'token' });
    await rig.clock.advance(20_000);
    rig.server.next('DELETE', 'no answer', 'no answer');
    rig.server.always('POST', () => (rig.server.sessions.size > 0 ? { status: 409 } : {}));
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.sessions.size, 1);
  });

  it('A2: deletes the session when the network is back after a stop while offline', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLive();
    rig.server.always('DELETE', 'network error');
    rig.changeNetwork(false);
    void rig.user.stopBroadcast();
    await rig.clock.advance(3_000);
    assert.equal(rig.server.sessions.size, 1);
    rig.server.always('DELETE', null);
    rig.changeNetwork();
    await rig.clock.advance(1_000);
    assert.equal(rig.server.sessions.size, 0);
    await rig.clock.advance(60_000);
    assert.deepEqual([rig.clock.pending, rig.networkWatchers], [0, 0]);
  });

  it('A5: recovers after one 405, 401 or 422 of a proxy', async () => {
    for (const status of [401, 405, 406, 413, 415, 422]) {
      const rig = new TestRig({ reconnect: {} });
      await rig.goLiveWithoutRepair();
      await rig.clock.advance(20_000);
      rig.server.next('POST', { status }, { status });
      rig.losePath();
      await rig.untilStatus('broadcasting');
    }
  });

  it('A10: reports that it waits for the network, and again when the attempt begins', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLiveWithoutRepair();
    await rig.clock.advance(20_000);
    rig.changeNetwork(false);
    rig.losePath();
    await rig.clock.advance(10_000);
    assert.deepEqual([rig.reconnect().waitingFor, rig.reconnect().delay], ['network', null]);
    rig.changeNetwork();
    await rig.untilStatus('broadcasting');
    assert.equal(infosOf(rig).at(-1)?.waitingFor, null);
  });

  it('A18: goes live with a log that throws', async () => {
    const rig = new TestRig({ logLevel: 4, reconnect: {} });
    rig.logged.push = () => {
      throw new Error('log');
    };
    await rig.goLive();
    rig.losePath();
    await rig.untilStatus('broadcasting');
  });
});
