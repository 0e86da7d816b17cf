import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RtcUser } from '../../../src/core/rtc-user.js';
import { supportLevel } from '../../../src/core/platform/support.js';
import { browserWorld } from '../../../src/core/platform/world.js';
import { codeOf, TestRig } from '../support/test-rig.js';

describe('checkSupport', () => {
  it('is on the class and on every user, and says 0, 1, 2 or 3', () => {
    assert.equal(RtcUser.checkSupport(), 1, 'Node has no WebRTC');
    assert.equal(new TestRig().user.checkSupport(), 0);
    assert.equal(new TestRig({}, { mediaDevices: undefined }).user.checkSupport(), 2);
    assert.equal(new TestRig({}, { RTCPeerConnection: undefined }).user.checkSupport(), 1);
    assert.equal(supportLevel({ ...browserWorld(), RTCPeerConnection: Object as never }, false), 3, 'an old browser');
  });

  it('is not needed: a browser without WebRTC fails at the start, with a reason and without a request', async () => {
    const rig = new TestRig({}, { RTCPeerConnection: undefined });
    void rig.signIn();
    rig.giveStream();
    const start = rig.user.startBroadcast();
    await rig.clock.advance(100);
    assert.equal(await codeOf(start), 5001);
    assert.match(rig.last('StartBroadcastError').error.message, /WebRTC/);
    assert.equal(rig.server.of('POST').length, 0);
  });
});
