import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import type { PageStudio } from '../support/fault-page.js';
import { describeIn, type Studio } from '../support/fault-studio.js';
import type { FaultyIngest } from '../support/faulty-ingest.js';
import { until } from '../support/page.js';

declare const studio: PageStudio & {
  end(track: MediaStreamTrack): void;
  unplug(label: string): void;
  plug(): void;
};

/** Lets a page unplug devices: they are in no list any more, cannot be opened, and what was opened of them ends. */
const UNPLUGGABLE = `
const devices = navigator.mediaDevices;
const list = devices.enumerateDevices.bind(devices);
const open = devices.getUserMedia.bind(devices);
const gone = new Set();
const opened = new Set();
devices.enumerateDevices = async () => (await list()).filter(({ label }) => !gone.has(label));
devices.getUserMedia = async (constraints) => {
  const left = await devices.enumerateDevices();
  for (const kind of ['audio', 'video']) {
    const isThere = left.some((device) => device.kind === kind + 'input');
    if (constraints[kind] && !isThere) throw new DOMException('none is there', 'NotFoundError');
  }
  const stream = await open(constraints);
  for (const track of stream.getTracks()) opened.add(track);
  return stream;
};
studio.end = (track) => {
  track.stop();
  track.dispatchEvent(new Event('ended'));
};
studio.unplug = (label) => {
  gone.add(label);
  // Firefox may tell by its list alone, and lets no page say that a track has ended.
  const left = navigator.userAgent.includes('Firefox') ? [] : opened;
  for (const track of left) if (track.label === label && track.readyState === 'live') studio.end(track);
  devices.dispatchEvent(new Event('devicechange'));
};
studio.plug = () => {
  gone.clear();
  devices.dispatchEvent(new Event('devicechange'));
};`;

/** The labels of the cameras and microphones that the page has. */
function labels(page: Page, kind: MediaDeviceKind): Promise<string[]> {
  return page.evaluate(async (one) => {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === one).map(({ label }) => label);
  }, kind);
}

function states(page: Page): Promise<string[]> {
  return page.evaluate(() => studio.captures.map(({ kind, state }) => `${kind} ${state}`));
}

async function untilState(page: Page, state: string): Promise<void> {
  await until(`the page is told ${state}`, async () => {
    // Of several pages at a time one alone is shown, and in a hidden one no picture is judged.
    await page.bringToFront();
    return (await states(page)).includes(state);
  }).catch(async (error: Error) => {
    throw new Error(`${error.message}, but ${(await states(page)).join(', ')}`);
  });
}

/** Media of both kinds goes on to arrive in the session of the start. */
async function assertGoesOn(one: Studio, ingest: FaultyIngest): Promise<void> {
  const [{ id, packets: before } = assert.fail('the session has gone')] = ingest.sessions;
  await until('more arrives', () => {
    const { packets } = ingest.sessions.find((session) => session.id === id) ?? assert.fail('the session has gone');
    return packets.audio >= before.audio + 20 && packets.video >= before.video + 5;
  });
  assert.equal(ingest.requests('POST').length, 1);
  assert.ok(!(await one.names()).includes('reconnecting_broadcast'));
}

describeIn(
  ['chromium', 'firefox'],
  'Capture',
  (test, name) => {
    test.quick(
      'goes on with a placeholder and silence where every device is unplugged, and is back with them',
      async (one, ingest) => {
        await one.page.evaluate(UNPLUGGABLE);
        await one.goLive();
        for (const kind of ['videoinput', 'audioinput'] as const) {
          for (const label of await labels(one.page, kind)) {
            await one.page.evaluate((unplugged) => studio.unplug(unplugged), label);
          }
          await untilState(one.page, `${kind} missing`);
        }
        await assertGoesOn(one, ingest);
        await one.page.evaluate(() => studio.plug());
        await untilState(one.page, 'videoinput live');
        await untilState(one.page, 'audioinput live');
        await assertGoesOn(one, ingest);
      },
    );

    test.quick(
      'C1: goes live with the microphone and a placeholder without a camera, and uses one that is plugged in',
      async (one, ingest) => {
        // Firefox gives devices their labels only once one was opened. Pages share a camera in its first format, and the
        // page of the test beside opens it in this one.
        await one.page.evaluate(async () => {
          const video = { width: 320, height: 240, frameRate: 15 };
          const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video });
          for (const track of stream.getTracks()) track.stop();
        });
        await one.page.evaluate(UNPLUGGABLE);
        const cameras = await labels(one.page, 'videoinput');
        for (const label of cameras) await one.page.evaluate((unplugged) => studio.unplug(unplugged), label);
        await one.goLive();
        await untilState(one.page, 'videoinput missing');
        await assertGoesOn(one, ingest);
        await one.page.evaluate(() => studio.plug());
        await untilState(one.page, 'videoinput live');
        await assertGoesOn(one, ingest);
      },
    );

    test.quick('mixes sound from outside into the microphone, and takes it out again', async (one, ingest) => {
      await one.goLive();
      const inject = (tracks: string[]) =>
        one.page.evaluate(async (kinds) => {
          const context = new AudioContext();
          const destination = context.createMediaStreamDestination();
          const tone = new OscillatorNode(context);
          tone.connect(destination);
          tone.start();
          await studio.user.injectExternalMediaStream({ stream: destination.stream, tracks: kinds });
        }, tracks);
      await inject(['audio']);
      await assertGoesOn(one, ingest);
      await inject([]);
      await assertGoesOn(one, ingest);
    });

    test('says nothing of a camera that is well', async (one) => {
      await one.goLive();
      await delay(8000);
      assert.deepEqual(
        (await states(one.page)).filter((state) => !state.endsWith('different')),
        [],
      );
    });

    test.quick('is told of a camera that delivers a black picture', async (one, ingest) => {
      await one.page.evaluate(`
        const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (constraints) => {
          const stream = await open(constraints);
          const canvas = document.createElement('canvas');
          const context = canvas.getContext('2d');
          studio.paint = (color) => (context.fillStyle = color);
          setInterval(() => context.fillRect(0, 0, canvas.width, canvas.height), 66);
          const [camera] = stream.getVideoTracks();
          const [track] = canvas.captureStream().getVideoTracks();
          track.getSettings = () => camera.getSettings();
          Object.defineProperty(track, 'label', { value: camera.label });
          return new MediaStream([...stream.getAudioTracks(), track]);
        };`);
      await one.goLive();
      await untilState(one.page, 'videoinput silent');
      await one.page.evaluate("studio.paint('teal')");
      await untilState(one.page, 'videoinput live');
      await assertGoesOn(one, ingest);
    });

    if (name !== 'chromium') return;

    test.quick('opens devices again whose tracks have ended, and what was muted stays muted', async (one, ingest) => {
      await one.page.evaluate(UNPLUGGABLE);
      await one.goLive();
      await one.mute();
      await one.page.evaluate(async () => {
        const { stream } = await studio.user.startPreview();
        for (const track of stream.getTracks()) studio.end(track);
      });
      await assertGoesOn(one, ingest);
      assert.deepEqual(await one.sent(), [false, true]);
    });

    test.quick(
      'takes the other camera where one is unplugged, and the first again when it is back',
      async (one, ingest) => {
        await one.page.evaluate(UNPLUGGABLE);
        // Of Chromium's fake cameras the second one delivers what cannot be sent.
        await one.page.evaluate("studio.unplug('fake_device_1')");
        await one.goLive();
        const [first = '', second = ''] = await labels(one.page, 'videoinput');
        await one.page.evaluate((label) => studio.unplug(label), first);
        await untilState(one.page, 'videoinput substituted');
        const substitute = await one.page.evaluate(() => studio.captures.find(({ state }) => state === 'substituted'));
        assert.equal(substitute?.device, second);
        await assertGoesOn(one, ingest);
        await one.page.evaluate(() => studio.plug());
        await untilState(one.page, 'videoinput live');
        await assertGoesOn(one, ingest);
      },
    );

    test.quick(
      'C6: switches to the screen with its audio and back in the same session, and the video goes on (issue 15.3)',
      async (one, ingest) => {
        await one.goLive();
        await one.page.click('html');
        const shown = () =>
          one.page.evaluate(() => studio.user.getSelectedDevice({ kind: 'videoinput' }).map(({ label }) => label));
        const [camera] = await shown();
        const kinds = await one.page.evaluate(async () => {
          const share = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
          let kinds: string[] = [];
          navigator.mediaDevices.getDisplayMedia = async (options) => {
            const screen = await share(options);
            // This browser has no system audio to share: a tone is what a shared tab plays.
            if (screen.getAudioTracks().length === 0) {
              const context = new AudioContext();
              const destination = context.createMediaStreamDestination();
              const tone = new OscillatorNode(context);
              tone.connect(destination);
              tone.start();
              for (const track of destination.stream.getTracks()) screen.addTrack(track);
            }
            kinds = screen.getTracks().map(({ kind }) => kind);
            return screen;
          };
          await studio.user.startPreview({ videoDeviceConfig: { source: 'screen' } });
          return kinds;
        });
        assert.deepEqual(kinds.sort(), ['audio', 'video']);
        const [screen] = await shown();
        assert.notEqual(screen, camera);
        await assertGoesOn(one, ingest);
        assert.deepEqual(await one.sent(), [true, true], 'both are sent unmuted');
        await one.page.evaluate(() => studio.user.startPreview());
        assert.deepEqual(await shown(), [camera]);
        await assertGoesOn(one, ingest);
      },
    );

    test.quick('C2: restarts a video encoder that stalls in the same session', async (one, ingest) => {
      await one.page.evaluate(`
        const read = RTCPeerConnection.prototype.getStats;
        RTCPeerConnection.prototype.getStats = async function () {
          const report = await read.call(this);
          const sender = this.getSenders().find(({ track }) => track?.kind === 'video');
          const isKicked = sender?.getParameters().encodings[0]?.scaleResolutionDownBy > 1;
          const seen = new Map(report);
          for (const [id, stats] of seen) {
            if (stats.type === 'outbound-rtp' && stats.kind === 'video' && !isKicked) seen.set(id, { ...stats, framesEncoded: 1 });
          }
          return seen;
        };`);
      await one.goLive();
      await untilState(one.page, 'videoinput stalled');
      await untilState(one.page, 'videoinput live');
      await assertGoesOn(one, ingest);
    });

    test('goes back to the camera when the screen is not shared any more', async (one, ingest) => {
      await one.page.evaluate(UNPLUGGABLE);
      await one.goLive();
      await one.page.click('html');
      await one.page.evaluate(async () => {
        const { stream } = await studio.user.startPreview({ videoDeviceConfig: { source: 'screen' } });
        for (const track of stream.getVideoTracks()) studio.end(track);
      });
      await untilState(one.page, 'videoinput substituted');
      await assertGoesOn(one, ingest);
    });
  },
  ['--use-fake-device-for-media-stream=device-count=3,fps=30'],
);
