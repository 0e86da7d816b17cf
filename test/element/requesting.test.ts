import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { RtcUserError } from '../../src/index.js';
import * as shapes from '../../src/element/view/shapes.js';
import {
  button,
  mount,
  SERVER,
  settled,
  shownSlots,
  shownText,
  states,
  stubPermissions,
  unhandled,
} from './support/mount.js';

const DENIED = new RtcUserError(6005, 'It was not allowed.', new DOMException('denied', 'NotAllowedError'));

describe('<nano-webcaster> requesting', () => {
  afterEach(() => sinon.restore());

  for (const call of ['start', 'startPreview'] as const) {
    it(`is the status while ${call}() waits for the browser's prompt`, async () => {
      stubPermissions('prompt');
      const { el, core } = await mount(`server="${SERVER}"`);
      await settled(el);
      const held = core.hold('startPreview');
      const called = el[call]();
      await settled(el);
      expect(el.status).to.equal('requesting');
      expect(el.getAttribute('status')).to.equal('requesting');
      expect(states(el)).to.deep.equal(['requesting']);
      expect(shownSlots(el)).to.deep.equal(['requesting']);
      held.resolve();
      await called;
      await settled(el);
      expect(el.status).to.equal(call === 'start' ? 'broadcasting' : 'idle');
    });
  }

  it('names what the browser asks for', async () => {
    stubPermissions('prompt');
    for (const [attribute, text, [shape]] of [
      ['', 'Allow camera and microphone in your browser’s prompt', shapes.camera],
      ['video-device="none"', 'Allow the microphone in your browser’s prompt', shapes.microphone],
      ['audio-device="none"', 'Allow the camera in your browser’s prompt', shapes.camera],
      ['source="screen"', 'Choose what to share in your browser’s window', shapes.screen],
    ] as const) {
      const { el, core } = await mount(attribute);
      core.hold('startPreview');
      void el.startPreview();
      await settled(el);
      expect(el.status).to.equal('requesting');
      expect(shownText(el)).to.equal(text);
      expect(el.shadowRoot?.querySelector(`.card .icon [d="${shape}"]`)).not.to.equal(null);
      el.remove();
    }
  });

  it('names the screen, also beside an open preview without video', async () => {
    const { el, core } = await mount(`controls server="${SERVER}" video-device="none"`);
    core.stream = Object.assign(new MediaStream(), { getAudioTracks: () => [{ kind: 'audio', label: '' }] });
    await el.startPreview();
    await settled(el);
    core.hold('startPreview');
    button(el, 'Share screen').click();
    await settled(el);
    expect(el.status).to.equal('requesting');
    expect(shownText(el)).to.equal('Choose what to share in your browser’s window');
    expect(el.shadowRoot?.querySelector(`.card .icon [d="${shapes.screen[0]}"]`)).not.to.equal(null);
  });

  for (const [state, source] of [
    ['prompt', 'camera'],
    ['granted', 'screen'],
  ] as const) {
    it(`is neither shown nor said while a start finds the ${source} open that the browser may ask for each time`, async () => {
      stubPermissions(state);
      const { el } = await mount(`source="${source}" server="${SERVER}"`);
      await el.startPreview();
      await settled(el);
      const seen: (string | null)[] = [];
      const observer = new MutationObserver((changes) => seen.push(...changes.map(({ oldValue }) => oldValue)));
      observer.observe(el, { attributeFilter: ['status'], attributeOldValue: true });
      await el.start();
      await settled(el);
      observer.disconnect();
      expect(seen).to.not.include('requesting');
    });
  }

  it('ends with a denial', async () => {
    stubPermissions('prompt');
    const { el, core } = await mount();
    const held = core.hold('startPreview');
    const seen = await unhandled(async () => {
      void el.startPreview();
      await settled(el);
      held.reject(DENIED);
      await settled(el);
    });
    expect(el.status).to.equal('failed');
    expect(seen).to.deep.equal([]);
  });

  for (const [other, only, text] of [
    ['audioDevice', 'audio-device', 'The camera is blocked'],
    ['videoDevice', 'video-device', 'The microphone is blocked'],
  ] as const) {
    it(`ends with a denial of what was asked for: ${text}, whatever is chosen afterwards`, async () => {
      const { el, core } = await mount(`${only}="none"`);
      core.fail('startPreview', DENIED);
      await el.startPreview().catch(() => undefined);
      await settled(el);
      expect(shownText(el)).to.include(text);
      el[other] = '';
      await settled(el);
      expect(shownText(el)).to.include(text);
      expect(el.matches(':state(denied)')).to.equal(true);
    });
  }

  it('ends with stop()', async () => {
    stubPermissions('prompt');
    const { el, core } = await mount(`server="${SERVER}"`);
    const held = core.hold('startPreview');
    const started = el.start().catch(() => undefined);
    await settled(el);
    await Promise.all([el.stop(), held.resolve(), started]);
    await settled(el);
    expect(el.status).to.equal('idle');
    expect(core.isCapturing).to.equal(false);
  });

  it('is skipped if camera and microphone are already allowed', async () => {
    stubPermissions('granted');
    const { el, core } = await mount();
    await settled(el);
    core.hold('startPreview');
    void el.startPreview();
    await settled(el);
    expect(el.status).to.equal('idle');
  });

  it('is the status while the browser asks for a screen, whatever was allowed before', async () => {
    stubPermissions('granted');
    const { el, core } = await mount('source="screen"');
    core.hold('startPreview');
    void el.startPreview();
    await settled(el);
    expect(el.status).to.equal('requesting');
  });
});
