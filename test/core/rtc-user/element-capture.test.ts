import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifyFailure } from '../../../src/element/sentences.js';
import { ElementHost } from '../support/element-host.js';
import { device, streamOf } from '../support/fake-media.js';
import { TestRig } from '../support/test-rig.js';

/** An element whose browser asks the person until the test answers. */
function asking(host = new ElementHost()) {
  let answer: () => void = () => undefined;
  const { devices } = host.rig;
  devices.gate = new Promise((resolve) => (answer = resolve));
  return {
    host,
    allow: () => answer(),
    deny: () => {
      devices.failure = new DOMException('Permission denied', 'NotAllowedError');
      answer();
    },
  };
}

/** The element waits for a task of the page's, which the fake clock does not run. */
const nextTask = () => new Promise((resolve) => setTimeout(resolve));

describe('a broadcast that the page stops at the core', () => {
  it('leaves nothing open that its start has opened', async () => {
    const host = new ElementHost();
    await host.goLive();
    void host.rig.user.stopBroadcast();
    await host.rig.clock.advance(5_000);
    await nextTask();
    assert.deepEqual([host.controller.status, host.liveTracks], ['idle', 0]);
  });

  it('leaves a preview open that the page has opened', async () => {
    const host = new ElementHost();
    await host.controller.startPreview();
    await host.goLive();
    void host.rig.user.stopBroadcast();
    await host.rig.clock.advance(5_000);
    await nextTask();
    assert.deepEqual([host.controller.status, host.liveTracks], ['idle', 2]);
  });

  it('leaves nothing open when it was about to start', async () => {
    const host = new ElementHost();
    const started = host.controller.start();
    started.catch(() => undefined);
    await host.rig.untilStatus('signalling');
    void host.rig.user.stopBroadcast();
    await host.rig.clock.advance(5_000);
    await nextTask();
    await assert.rejects(started);
    await nextTask();
    assert.deepEqual([host.controller.status, host.liveTracks], ['idle', 0]);
  });

  it('can be started again', async () => {
    const host = new ElementHost();
    await host.goLive();
    void host.rig.user.stopBroadcast();
    await host.rig.clock.advance(1_000);
    await host.goLive();
    assert.equal(host.liveTracks, 2);
  });
});

describe('a broadcast that is stopped at the core and started again at once', () => {
  for (const pause of [0, 200]) {
    it(`keeps open what the start of the element opens, ${pause} ms after a stop that waits for DELETE`, async () => {
      const host = new ElementHost();
      await host.goLive();
      host.rig.server.always('DELETE', { after: 800 });
      void host.rig.user.stopBroadcast();
      await host.rig.clock.advance(pause);
      void host.controller.stop();
      await host.rig.clock.advance(pause);
      void host.controller.start();
      await host.rig.clock.advance(10_000);
      assert.deepEqual([host.controller.status, host.liveTracks], ['broadcasting', 2]);
    });
  }

  it('keeps open what the core sends', async () => {
    const host = new ElementHost();
    await host.goLive();
    const { user, clock } = host.rig;
    void user.stopBroadcast().then(() => user.startBroadcast({}));
    await clock.advance(10_000);
    assert.deepEqual([host.controller.status, host.liveTracks], ['broadcasting', 2]);
  });
});

describe('a core of the page', () => {
  it('whose startPreview throws instead of rejecting fails the start with that error', async () => {
    const host = new ElementHost();
    const core = Object.create(host.rig.user, {
      startPreview: {
        value: () => {
          throw new Error('no camera here');
        },
      },
      setConfig: { value: () => Promise.resolve() },
      muteDevice: { value: () => Promise.resolve() },
      signIn: { value: () => Promise.resolve() },
      startBroadcast: { value: () => Promise.resolve() },
      on: { value: () => undefined },
      off: { value: () => undefined },
    }) as typeof host.rig.user;
    host.controller.core = core;
    await assert.rejects(host.controller.start(), /no camera here/);
  });

  it('keeps its own ICE servers until the element is given others', async () => {
    const rig = new TestRig({
      reconnect: {},
      iceServers: [{ urls: 'turn:turn.example', username: 'u', credential: 'c' }],
    });
    await rig.goLive();
    const host = new ElementHost({}, rig);
    host.controller.settingsChanged(new Map([['iceServers', undefined]]));
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.peer.configuration.iceServers?.length, 1);
    host.set({ iceServers: [] });
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.peer.configuration.iceServers?.length ?? 0, 0);
  });
});

describe('a stop and a start of the element without a pause', () => {
  it('leave open what the start opens', async () => {
    const host = new ElementHost();
    await host.goLive();
    void host.controller.stop();
    await host.goLive();
    await host.rig.clock.advance(5_000);
    assert.deepEqual([host.controller.status, host.liveTracks], ['broadcasting', 2]);
  });
});

describe('another core of the element', () => {
  it('leaves the one before without statistics for the element', async () => {
    const [{ rig, controller }, next] = [new ElementHost(), new TestRig()];
    controller.measure(true);
    controller.core = next.user;
    await Promise.all([rig.goLive(), next.goLive()]);
    await Promise.all([rig.clock.advance(5_000), next.clock.advance(5_000)]);
    assert.equal(rig.all('ReceivedWebRTCStats').length, 0);
    assert.ok(next.all('ReceivedWebRTCStats').length > 0);
  });

  it('leaves the one before with the statistics that the page wants', async () => {
    const { rig, controller } = new ElementHost();
    controller.measure(true);
    void rig.user.enableStats();
    controller.core = new TestRig().user;
    await rig.goLive();
    await rig.clock.advance(5_000);
    assert.ok(rig.all('ReceivedWebRTCStats').length > 0);
  });
});

describe('a start while the prompt of a preview is open', () => {
  async function startWhileAsking() {
    const asked = asking();
    const { controller, rig } = asked.host;
    void controller.startPreview();
    await rig.clock.advance(500);
    const started = controller.start();
    started.catch(() => undefined);
    await rig.clock.advance(3_000);
    return { ...asked, started };
  }

  it('fails with the denial, and with no other error', async () => {
    const { host, started, deny } = await startWhileAsking();
    deny();
    await host.rig.clock.advance(3_000);
    await assert.rejects(started, { code: 6005 });
    assert.deepEqual([host.controller.status, host.controller.error?.code], ['failed', 6005]);
    const errors = host.rig.outline().filter((name) => name.includes('Error'));
    assert.deepEqual(errors, ['StartPreviewError 6005']);
    const { failure } = host.controller.state;
    assert.ok(failure);
    assert.equal(classifyFailure(failure).headline, 'blocked');
  });

  it('goes live once it is allowed, and asks once', async () => {
    const { host, started, allow } = await startWhileAsking();
    assert.equal(host.controller.status, 'requesting');
    allow();
    await host.rig.untilStatus('broadcasting');
    await started;
    assert.equal(host.rig.all('StartPreviewSuccess').length, 1);
    void host.controller.stop();
    await host.rig.clock.advance(1_000);
    assert.equal(host.liveTracks, 2);
  });

  it('can be made again after the denial', async () => {
    const { host, deny } = await startWhileAsking();
    deny();
    await host.rig.clock.advance(3_000);
    host.rig.devices.failure = null;
    await host.goLive();
    assert.equal(host.liveTracks, 2);
  });

  it('goes live with a stream that the page gives instead', async () => {
    const { host, started } = await startWhileAsking();
    const stream = streamOf('audio', 'video');
    host.controller.mediaStream = stream as unknown as MediaStream;
    await host.rig.untilStatus('broadcasting');
    await started;
    assert.equal(host.liveTracks, 0);
  });

  it('opens nothing once it is stopped', async () => {
    const { host, started, allow } = await startWhileAsking();
    void host.controller.stop();
    void host.controller.stopPreview();
    allow();
    await host.rig.clock.advance(3_000);
    await assert.rejects(started);
    assert.deepEqual([host.controller.status, host.liveTracks], ['idle', 0]);
    assert.equal(host.rig.server.of('POST').length, 0);
  });
});

describe('a start whose prompt is overtaken by another choice of device', () => {
  it('goes live with that choice', async () => {
    const { host, allow } = asking();
    const { controller, rig, settings } = host;
    const started = controller.start();
    started.catch(() => undefined);
    await rig.clock.advance(500);
    settings.videoDevice = '0';
    controller.settingsChanged(new Map([['videoDevice', '']]));
    await rig.clock.advance(3_000);
    allow();
    await rig.untilStatus('broadcasting');
    await started;
    void controller.stop();
    await rig.clock.advance(1_000);
    assert.equal(host.liveTracks, 0);
  });
});

describe('a camera that is back after the person has ended the sharing of the screen', () => {
  for (const seconds of [0.2, 1, 6]) {
    it(`is nothing to tell, also if it takes ${seconds} s to open`, async () => {
      const host = new ElementHost({ videoDevice: 'Front camera' });
      await host.goLive();
      void host.controller.switchSource('screen');
      await host.rig.clock.advance(1_000);
      const { allow } = asking(host);
      host.rig.devices.liveTracks('Screen')[0]?.end();
      await host.rig.clock.advance(seconds * 1000);
      allow();
      await host.rig.clock.advance(3_000);
      assert.equal(host.rig.devices.liveTracks('Front camera').length, 1);
      assert.deepEqual([host.settings.source, host.controller.state.troubles], ['camera', []]);
    });
  }
});

describe('a camera that is unplugged while the person chooses a screen', () => {
  for (const answer of ['shares', 'closes'] as const) {
    it(`is missed, and no screen, until the person ${answer} it`, async () => {
      const host = new ElementHost();
      await host.goLive();
      const { allow, deny } = asking(host);
      void host.controller.switchSource('screen');
      await host.rig.clock.advance(200);
      host.rig.devices.liveTracks('Front camera')[0]?.end();
      await host.rig.clock.advance(20_000);
      const troubles = host.controller.state.troubles.map(({ kind, isScreen }) => ({ kind, isScreen }));
      assert.deepEqual(troubles, [{ kind: 'videoinput', isScreen: false }]);
      if (answer === 'shares') allow();
      else deny();
      await host.rig.clock.advance(3_000);
      const source = answer === 'shares' ? 'screen' : 'camera';
      assert.deepEqual([host.controller.source, host.settings.source], [source, source]);
    });
  }
});

describe('a screen whose sharing the person ends in the browser', () => {
  /** The labels of what is sent: audio, video. */
  const sent = ({ rig }: ElementHost) => rig.peer.getSenders().map(({ track }) => track?.label);
  const openCameras = ({ rig }: ElementHost) =>
    rig.devices.tracks.filter(
      ({ kind, label, readyState }) => kind === 'video' && /camera/.test(label) && readyState === 'live',
    ).length;

  async function ended(settings: ConstructorParameters<typeof ElementHost>[0], isLive = true): Promise<ElementHost> {
    const host = new ElementHost({ source: 'screen', ...settings });
    host.rig.devices.plug(device('audioinput', 'Headset'));
    if (isLive) await host.goLive();
    else void host.controller.startPreview();
    await host.rig.clock.advance(100);
    host.rig.devices.liveTracks('Screen')[0]?.end();
    await host.rig.clock.advance(1_000);
    host.rig.devices.captures.length = 0;
    return host;
  }

  /** Chooses a device that another program holds for a second. */
  async function chooseBusy(host: ElementHost, device: Parameters<ElementHost['set']>[0]): Promise<void> {
    host.rig.devices.failure = new DOMException('', 'NotReadableError');
    host.set(device);
    await host.rig.clock.advance(1_000);
    host.rig.devices.failure = null;
  }

  for (const videoDevice of ['', 'Front camera', 'none']) {
    it(`opens no camera for another microphone, and shares no screen again: camera "${videoDevice}"`, async () => {
      const host = await ended({ videoDevice });
      host.set({ audioDevice: 'Headset' });
      await host.rig.clock.advance(1_000);
      assert.deepEqual([sent(host), openCameras(host)], [['Headset', 'Placeholder'], 0]);
      host.set({ audioDevice: 'Microphone' });
      await host.rig.clock.advance(1_000);
      assert.deepEqual([sent(host), openCameras(host)], [['Microphone', 'Placeholder'], 0]);
      assert.equal(host.controller.source, 'camera', 'nothing is shared');
    });

    it(`opens the screen again with the next start, and no camera: camera "${videoDevice}"`, async () => {
      const host = await ended({ videoDevice });
      void host.controller.stop();
      await host.rig.clock.advance(5_000);
      await nextTask();
      await host.goLive();
      assert.deepEqual([sent(host), openCameras(host)], [['Microphone', 'Screen'], 0]);
    });

    it(`is asked for again by a start after a preview: camera "${videoDevice}"`, async () => {
      const host = await ended({ videoDevice }, false);
      host.set({ audioDevice: 'Headset' });
      await host.rig.clock.advance(1_000);
      assert.equal(openCameras(host), 0);
      await host.goLive();
      assert.deepEqual([sent(host), openCameras(host)], [['Headset', 'Screen'], 0]);
    });
  }

  for (const order of ['after another microphone', 'at once'] as const) {
    it(`gives way to a camera that is chosen ${order}`, async () => {
      const host = await ended({});
      if (order !== 'at once') host.set({ audioDevice: 'Headset' });
      await host.rig.clock.advance(1_000);
      host.set({ videoDevice: 'Back camera' });
      await host.rig.clock.advance(1_000);
      assert.deepEqual([sent(host)[1], host.settings.source], ['Back camera', 'camera']);
    });

    it(`can be shared again ${order}, also if the picker was closed before`, async () => {
      const host = await ended({});
      if (order !== 'at once') host.set({ audioDevice: 'Headset' });
      await host.rig.clock.advance(1_000);
      host.rig.devices.failure = new DOMException('', 'NotAllowedError');
      void host.controller.switchSource('screen');
      await host.rig.clock.advance(1_000);
      assert.deepEqual([host.controller.source, host.settings.source, openCameras(host)], ['camera', 'screen', 0]);
      host.rig.devices.failure = null;
      void host.controller.switchSource('screen');
      await host.rig.clock.advance(1_000);
      assert.deepEqual([sent(host)[1], host.controller.source], ['Screen', 'screen']);
    });
  }

  it('gives way to a camera that was chosen while it was shared', async () => {
    const host = new ElementHost({ source: 'screen' });
    await host.goLive();
    host.set({ videoDevice: 'Back camera' });
    await host.rig.clock.advance(1_000);
    assert.equal(openCameras(host), 0);
    host.rig.devices.liveTracks('Screen')[0]?.end();
    await host.rig.clock.advance(1_000);
    assert.deepEqual([sent(host), host.settings.source], [['Microphone', 'Back camera'], 'camera']);
  });

  it('goes back to the camera of before, which another microphone leaves open', async () => {
    const host = new ElementHost();
    host.rig.devices.plug(device('audioinput', 'Headset'));
    await host.goLive();
    void host.controller.switchSource('screen');
    await host.rig.clock.advance(1_000);
    host.rig.devices.liveTracks('Screen')[0]?.end();
    await host.rig.clock.advance(1_000);
    host.set({ audioDevice: 'Headset' });
    await host.rig.clock.advance(1_000);
    assert.deepEqual([sent(host), host.settings.source], [['Headset', 'Front camera'], 'camera']);
  });

  for (const how of ['at the start', 'in the open preview'] as const) {
    for (const other of [{ audioMode: 'music' }, { audioDevice: 'Headset' }] as const) {
      it(`is asked for once more by a start after ${JSON.stringify(other)} was set ${how}`, async () => {
        const host = await ended({}, false);
        Object.assign(host.settings, other);
        if (how === 'in the open preview') void host.controller.startPreview();
        await host.rig.clock.advance(1_000);
        await host.goLive();
        const microphone = 'audioDevice' in other ? 'Headset' : 'Microphone';
        assert.deepEqual([sent(host), openCameras(host)], [[microphone, 'Screen'], 0]);
        assert.equal(host.rig.devices.tracks.filter(({ label }) => label === 'Screen').length, 2);
        assert.equal(host.controller.source, 'screen');
      });
    }
  }

  it('is asked for again after the other microphone could not be opened', async () => {
    const host = await ended({}, false);
    await chooseBusy(host, { audioDevice: 'Headset' });
    await host.goLive();
    assert.deepEqual([sent(host), openCameras(host)], [['Headset', 'Screen'], 0]);
  });

  it('is asked for by the button after the other microphone could not be opened, and then no camera is', async () => {
    const host = await ended({}, false);
    await chooseBusy(host, { audioDevice: 'Headset' });
    void host.controller.switchSource('screen');
    await host.rig.clock.advance(1_000);
    assert.deepEqual([host.rig.devices.liveTracks('Screen').length, openCameras(host)], [1, 0]);
  });

  for (const [by, ask] of [
    ['the button', ({ controller }: ElementHost) => controller.switchSource('screen')],
    ['a start', ({ controller }: ElementHost) => controller.start()],
  ] as const) {
    it(`is asked for by ${by} while another microphone opens`, async () => {
      const host = await ended({}, false);
      const { allow } = asking(host);
      host.set({ audioDevice: 'Headset' });
      await host.rig.clock.advance(200);
      void ask(host).catch(() => undefined);
      await host.rig.clock.advance(200);
      allow();
      await host.rig.clock.advance(3_000);
      assert.deepEqual([host.rig.devices.liveTracks('Screen').length, openCameras(host)], [1, 0]);
    });
  }

  it('is opened again with another microphone in one preview', async () => {
    const host = await ended({}, false);
    const successes: string[] = [];
    host.rig.onEvent = ({ name }) => name === 'StartPreviewSuccess' && successes.push(name);
    Object.assign(host.settings, { audioDevice: 'Headset' });
    void host.controller.startPreview();
    await host.rig.clock.advance(1_000);
    assert.equal(host.rig.devices.liveTracks('Screen').length, 1);
    assert.equal(successes.length, 1);
  });

  it('stays the source after a camera that was chosen while live could not be opened', async () => {
    const host = await ended({});
    await chooseBusy(host, { videoDevice: 'Back camera' });
    assert.deepEqual([host.settings.source, host.settings.videoDevice], ['screen', '']);
    void host.controller.stop();
    await host.rig.clock.advance(1_000);
    await host.goLive();
    assert.deepEqual([sent(host)[1], openCameras(host)], ['Screen', 0]);
  });

  describe('while a camera that was chosen instead opens', () => {
    async function opening() {
      const host = await ended({}, false);
      const { allow } = asking(host);
      host.set({ videoDevice: 'Back camera' });
      await host.rig.clock.advance(200);
      return { host, allow };
    }

    it('is not asked for by a start, which takes that camera', async () => {
      const { host, allow } = await opening();
      void host.controller.start();
      await host.rig.clock.advance(200);
      allow();
      await host.rig.untilStatus('broadcasting');
      assert.deepEqual(
        [sent(host)[1], host.settings.source, host.controller.source],
        ['Back camera', 'camera', 'camera'],
      );
    });

    it('stays the source once it is shared again', async () => {
      const { host, allow } = await opening();
      void host.controller.switchSource('screen');
      await host.rig.clock.advance(200);
      allow();
      await host.rig.clock.advance(3_000);
      assert.deepEqual([host.settings.source, host.controller.source], ['screen', 'screen']);
    });

    it('is no longer the source, even if that camera is denied', async () => {
      const host = await ended({}, false);
      const { deny } = asking(host);
      host.set({ videoDevice: 'Back camera' });
      await host.rig.clock.advance(200);
      deny();
      await host.rig.clock.advance(1_000);
      assert.deepEqual([host.settings.source, openCameras(host)], ['camera', 0]);
    });
  });

  it('leaves nothing to go back to if the preview of before was closed in its own event', async () => {
    const host = new ElementHost();
    host.rig.onEvent = ({ name }) => {
      if (name !== 'StartPreviewSuccess') return;
      host.rig.onEvent = () => undefined;
      void host.controller.stopPreview();
    };
    void host.controller.startPreview();
    await host.rig.clock.advance(1_000);
    host.settings.source = 'screen';
    void host.controller.startPreview();
    await host.rig.clock.advance(1_000);
    host.rig.devices.liveTracks('Screen')[0]?.end();
    await host.rig.clock.advance(1_000);
    assert.deepEqual([host.settings.source, openCameras(host)], ['screen', 0]);
  });
});

describe('a track that a broadcast goes on without', () => {
  /** The camera has a format of its own. */
  const troubles = ({ controller }: ElementHost) =>
    controller.state.troubles.map(({ problem }) => problem).filter((problem) => problem !== 'different');

  async function unsent(): Promise<ElementHost> {
    const host = new ElementHost({ videoDevice: 'none' }, new TestRig({ reconnect: {} }));
    await host.controller.startPreview();
    await host.goLive();
    await host.rig.clock.advance(20_000);
    host.rig.server.always('POST', { status: 422 });
    host.set({ videoDevice: 'Front camera' });
    await host.rig.clock.advance(60_000);
    assert.deepEqual(troubles(host), ['unsent']);
    return host;
  }

  it('is no trouble once the broadcast has ended, nor in the next one, which has it', async () => {
    const host = await unsent();
    void host.controller.stop();
    await host.rig.clock.advance(5_000);
    await nextTask();
    assert.deepEqual([host.controller.status, troubles(host)], ['idle', []]);
    host.rig.server.always('POST', {});
    await host.goLive();
    assert.deepEqual(troubles(host), []);
  });
});

describe('an encoder that has stalled', () => {
  it('is no trouble any more in the next broadcast of an open preview', async () => {
    const host = new ElementHost({}, new TestRig({ reconnect: {} }));
    await host.controller.startPreview();
    await host.goLive();
    await host.rig.clock.advance(10_000);
    host.rig.path.isEncoding = (_peer, kind) => kind !== 'video';
    await host.rig.clock.advance(8_000);
    void host.controller.stop();
    await host.rig.clock.advance(5_000);
    host.rig.path.isEncoding = () => true;
    await host.goLive();
    await host.rig.clock.advance(10_000);
    assert.deepEqual(
      host.controller.state.troubles.filter(({ problem }) => problem === 'stalled'),
      [],
    );
  });
});

describe('a device that is in trouble', () => {
  for (const kind of ['audio', 'video'] as const) {
    it(`is no trouble any more once its kind is turned off: ${kind}`, async () => {
      const host = new ElementHost({}, new TestRig({ reconnect: {} }));
      await host.goLive();
      const troubles = () => host.controller.state.troubles.filter(({ problem }) => problem === 'missing');
      for (const { label } of host.rig.devices.devices.filter((one) => one.kind === `${kind}input`))
        host.rig.devices.unplug(label);
      await host.rig.clock.advance(2_000);
      assert.equal(troubles().length, 1);
      host.set({ [`${kind}Device`]: 'none' });
      await host.rig.clock.advance(2_000);
      assert.deepEqual(troubles(), []);
    });
  }
});
