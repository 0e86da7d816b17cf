import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RtcUserError } from '../../../src/core/api/errors.js';
import { TestRig } from '../support/test-rig.js';

describe('an error', () => {
  it('has its message in JSON too, under both of its names, and not its cause', async () => {
    const rig = new TestRig();
    void rig.user.stopBroadcast();
    await rig.clock.advance(0);
    const { error } = rig.last('StopBroadcastError');
    const { code, name, type, message, text, userinfo } = error;
    assert.equal(message, 'No broadcast is running.');
    assert.deepEqual(
      JSON.parse(JSON.stringify(error)),
      JSON.parse(JSON.stringify({ code, name, type, message, text, userinfo })),
    );
  });

  it('is of the family that v5 counts its code among', () => {
    assert.deepEqual(
      ([1000, 4001, 5002, 6005, 101001, 102001, 103001, 109000] as const).map(
        (code) => new RtcUserError(code, '').name,
      ),
      [
        'GeneralError',
        'SessionError',
        'BroadcastError',
        'WebRTCError',
        'GeneralError',
        'AccessError',
        'AuthenticationError',
        'RTMPError',
      ],
    );
  });
});
