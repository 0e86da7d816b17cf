import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { IngestProcess } from '../../support/fault-relay-ingest.js';
import { describeBehindRelay } from '../../support/fault-relay-suite.js';

/** More attempts than a server that is away can use up. */
const PATIENT = { minDelay: 1, maxDelay: 3, maxRetries: 30 };
/** From the server's farewell to the event, in seconds. */
const FAREWELL_TO_EVENT = 0.5;

describeBehindRelay(
  ['chromium', 'firefox'],
  'A server',
  (test) => {
    test.quick(
      'that is killed without a farewell and is back after 5 s: the broadcast comes back, and one session is left',
      async (scene) => {
        await scene.goLive({ reconnect: PATIENT });
        await scene.ingest.kill();
        await delay(5000);
        await scene.ingest.start();
        await scene.untilBack(30);
        await scene.assertLiveAsBefore();
        assert.equal(scene.relay.attempts.filter(({ status }) => status === 201).length, 2);
      },
    );

    test('that is frozen for 8 s: the broadcast comes back in the same session', async (scene) => {
      await scene.goLive({ reconnect: PATIENT });
      scene.ingest.freeze();
      await delay(8000);
      scene.ingest.thaw();
      await scene.untilBack(15);
      await scene.assertLiveAsBefore();
      assert.equal(scene.posts.length, 1);
    });

    test('that is frozen for 40 s: the broadcast comes back, and one session is left', async (scene) => {
      await scene.goLive({ reconnect: PATIENT });
      scene.ingest.freeze();
      await delay(40_000);
      scene.ingest.thaw();
      await scene.untilBack(30);
      // What was posted while it was frozen must not displace what came after it.
      await delay(3000);
      await scene.untilBack(30);
      await scene.assertLiveAsBefore();
    }, 140);

    test.quick(
      'that ends the session by DTLS: the page is told so within half a second, and it comes back by one POST',
      async (scene) => {
        await scene.goLive();
        await scene.ingest.endSessions();
        const [first] = await scene.untilBack(20);
        scene.mark(scene.relay.counts.lastAlertAt);
        const seconds = await scene.secondsUntil('reconnecting_broadcast');
        assert.ok(seconds <= FAREWELL_TO_EVENT, `${seconds} s`);
        const [outage] = await scene.studio.outages();
        assert.equal(outage?.reason, 'The server closed the connection.');
        assert.equal(first?.reconnect?.cause, 'server');
        assert.equal(first?.reconnect?.method, 'new-session');
        assert.equal(scene.relay.attempts.length, 2);
        assert.equal(scene.restarts.length, 0);
        await scene.assertLiveAsBefore();
      },
    );

    test('that ends the session by DTLS while the path falls silent for a moment: there is one POST', async (scene) => {
      await scene.goLive();
      await scene.ingest.endSessions();
      scene.relay.udp({ cut: 'both' });
      await delay(600);
      scene.relay.udp({ cut: 'none' });
      await scene.untilBack(30);
      assert.equal(scene.relay.attempts.length, 2);
      await scene.assertLiveAsBefore();
    });

    test('that answers no POST for 12 s after it ended the session: the broadcast comes back, and one session is left', async (scene) => {
      await scene.goLive({ reconnect: PATIENT });
      scene.ingest.quirks = { refuse: 'hang' };
      await scene.ingest.endSessions();
      await delay(12_000);
      scene.ingest.quirks = {};
      await scene.untilBack(30);
      await scene.assertLiveAsBefore();
    });
  },
  () => new IngestProcess(),
);
