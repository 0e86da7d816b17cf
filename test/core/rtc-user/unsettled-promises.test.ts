import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FakePeerConnection } from '../support/fake-peer.js';
import { goDeaf, liveWithIceRestart, methodsOf } from '../support/ice-restarts.js';
import { TestRig } from '../support/test-rig.js';

const never = () => new Promise<never>(() => undefined);
const DEGRADATION = { encoding: { degradationPreference: 'maintain-framerate' } } as const;

type Step = 'createOffer' | 'setLocalDescription' | 'setRemoteDescription' | 'setParameters';
const STEPS: Step[] = ['createOffer', 'setLocalDescription', 'setRemoteDescription', 'setParameters'];

/** Leaves one step of the next peer connection open for ever. */
function leaveOpenOnce(rig: TestRig, step: Step): void {
  const proto = rig.peer.constructor.prototype as FakePeerConnection;
  const { addTransceiver } = proto;
  proto.addTransceiver = function (track, init) {
    proto.addTransceiver = addTransceiver;
    const transceiver = addTransceiver.call(this, track, init);
    Object.assign(step === 'setParameters' ? transceiver.sender : this, { [step]: never });
    return transceiver;
  };
}

describe('a promise of the browser that never settles', () => {
  for (const takesCandidates of [true, false])
    for (const step of STEPS)
      it(`fails one attempt and nothing is left of it: ${step}, candidates ${takesCandidates ? 'trickled' : 'in the offer'}`, async () => {
        const rig = new TestRig({ reconnect: {} });
        if (!takesCandidates) rig.server.always('PATCH', { status: 405 });
        await rig.goLive({}, DEGRADATION);
        await rig.clock.advance(20_000);
        leaveOpenOnce(rig, step);
        rig.loseServer();
        await rig.untilStatus('broadcasting');
        await rig.clock.advance(20_000);
        const [outage] = rig.user.report.outages;
        assert.deepEqual([rig.user.report.outages.length, outage?.attempts, rig.peers.length], [1, 2, 3]);
        assert.ok((outage?.seconds ?? Infinity) < 30, `recovered after ${outage?.seconds} s`);
        assert.ok(rig.journal.includes('peer2.close'));
        const isPosted =
          step === 'setParameters' || step === 'setRemoteDescription' || (takesCandidates && step !== 'createOffer');
        assert.deepEqual([rig.server.opened, rig.server.sessions.size], [isPosted ? 3 : 2, 1]);
      });

  it('ends a first start with an error, and its session is deleted', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.path.readsAnswerFor = 1e12;
    rig.begin();
    await rig.untilStatus('StartBroadcastError 5001');
    await rig.clock.advance(5_000);
    assert.match(rig.last('StartBroadcastError').error.message, /The browser took too long/);
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [1, 0]);
    assert.ok(rig.journal.includes('peer1.close'));
  });

  for (const step of ['setParameters', 'replaceTrack'] as const)
    it(`leaves the call of the page open until the broadcast stops at most: ${step}`, async () => {
      const rig = new TestRig();
      await rig.goLive();
      for (const sender of rig.peer.getSenders()) {
        sender.setParameters = never;
        sender.replaceTrack = (track) => (track ? Promise.reject(new Error('refused')) : never());
      }
      const { user } = rig;
      const call =
        step === 'setParameters' ? user.setConfig({ bitrates: { audioSendBitrate: 64 } }) : user.startPreview();
      let isSettled = false;
      void call.catch(() => undefined).then(() => (isSettled = true));
      await rig.clock.advance(1_000);
      void user.stopBroadcast();
      await rig.clock.advance(1_000);
      assert.ok(isSettled);
    });

  it('is ignored when it settles after all', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLive();
    await rig.clock.advance(20_000);
    rig.path.readsAnswerFor = 15_000;
    rig.loseServer();
    await rig.clockUntilAttempt(2);
    rig.path.readsAnswerFor = 0;
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(60_000);
    assert.deepEqual([rig.outline().at(-1), rig.peers.length, rig.server.sessions.size], ['broadcasting', 3, 1]);
  });

  it('lets a slow browser have 9 s for a step', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.path.readsAnswerFor = 9_000;
    await rig.goLive();
    assert.deepEqual([rig.peers.length, rig.server.sessions.size], [1, 1]);
  });

  for (const step of ['createOffer', 'setLocalDescription', 'setRemoteDescription'] as const)
    it(`ends an ICE restart, and a new session follows: ${step}`, async () => {
      const rig = await liveWithIceRestart();
      Object.assign(rig.peer, { [step]: never });
      goDeaf(rig);
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(20_000);
      const { length, 0: outage } = rig.user.report.outages;
      assert.deepEqual([length, outage?.recoveredBy, rig.peers.length], [1, 'new-session', 2]);
      assert.ok((outage?.seconds ?? Infinity) < 25, `recovered after ${outage?.seconds} s`);
      assert.equal(rig.server.sessions.size, 1);
      assert.equal(methodsOf(rig)[0], 'ice-restart 0');
    });
});

describe('statistics that the browser never gives', () => {
  it('are asked for again, once every few seconds, and a loss is noticed afterwards', async () => {
    const rig = await liveWithIceRestart();
    const { peer } = rig;
    const { looks } = peer;
    const getStats = peer.getStats.bind(peer);
    let asked = 0;
    peer.getStats = () => (asked++ < 5 ? never() : getStats());
    await rig.clock.advance(9_000);
    assert.ok(asked >= 2 && asked <= 4, `asked ${asked} times`);
    await rig.clock.advance(16_000);
    assert.deepEqual([rig.user.report.outages.length, peer.looks > looks], [0, true]);
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    await rig.untilStatus('broadcasting');
    assert.equal(rig.user.report.outages.length, 1);
  });

  it('before the first report delay the start at most', async () => {
    const rig = new TestRig();
    rig.begin();
    assert.ok(await rig.clock.advanceUntil(() => rig.peers.length > 0));
    const { peer } = rig;
    const getStats = peer.getStats.bind(peer);
    let asked = 0;
    peer.getStats = () => (asked++ === 0 ? never() : getStats());
    await rig.untilStatus('broadcasting');
    assert.deepEqual([rig.peers.length, rig.server.sessions.size], [1, 1]);
  });

  it('leave no timer behind once the broadcast has stopped', async () => {
    const rig = await liveWithIceRestart();
    rig.peer.getStats = never;
    await rig.clock.advance(1_000);
    void rig.user.stopBroadcast();
    await rig.clock.advance(10_000);
    assert.deepEqual([rig.outline().at(-1), rig.server.sessions.size], ['StopBroadcastSuccess', 0]);
    assert.equal(rig.clock.pending, 0);
  });
});
