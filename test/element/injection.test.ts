import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { RtcUserError, type NanoWebcaster } from '../../src/index.js';
import { create, mount, mountLive, place, rejection, SERVER, settled, shownText, textOf } from './support/mount.js';

/** What would load nothing and run a script, were it ever read as HTML. */
const MARKUP = '<img src="data:," onerror="globalThis.isInjected = true">';

/** Fails where markup has become elements; gives the browser the time to run what they hold. */
async function expectNothingParsed(el: NanoWebcaster): Promise<void> {
  await settled(el);
  expect(el.renderRoot.querySelector('img')).to.equal(null);
  expect(el.querySelector('img')).to.equal(null);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect('isInjected' in globalThis).to.equal(false);
}

describe('<nano-webcaster> with markup where text is wanted', () => {
  afterEach(() => sinon.restore());

  const ANSWERS: [string, Response][] = [
    ['a problem’s detail', answer('application/problem+json', JSON.stringify({ detail: MARKUP }))],
    ['a JSON error', answer('application/json', JSON.stringify({ error: MARKUP }))],
    ['a plain text', answer('text/plain', MARKUP)],
  ];

  function answer(type: string, body: string): Response {
    return new Response(body, { status: 403, headers: { 'Content-Type': type } });
  }

  for (const [what, response] of ANSWERS) {
    it(`shows what a server says as ${what} as it is`, async () => {
      sinon
        .stub(window, 'fetch')
        .callsFake(async (_, { method = 'GET' } = {}) => (method === 'POST' ? response.clone() : new Response()));
      const el = create(`server="${SERVER}" controls`);
      place().append(el);
      await rejection(el.start());
      await settled(el);
      expect(el.error?.message).to.include(MARKUP);
      expect(textOf(el.renderRoot.querySelector('details'))).to.include(MARKUP);
      await expectNothingParsed(el);
    });
  }

  it('shows the page of a server that is none for broadcasts not at all', async () => {
    sinon.stub(window, 'fetch').callsFake(async () => answer('text/html', MARKUP));
    const el = create(`server="${SERVER}" controls`);
    place().append(el);
    await rejection(el.start());
    expect(shownText(el)).to.not.include('img');
    await expectNothingParsed(el);
  });

  it('shows the reason of a broadcast given up as it is', async () => {
    const { el, core } = await mountLive('controls');
    core.emitError('BroadcastError', new RtcUserError(5002, MARKUP));
    await settled(el);
    expect(textOf(el.renderRoot.querySelector('details'))).to.include(MARKUP);
    await expectNothingParsed(el);
  });

  it('takes the names of devices as they are', async () => {
    const { el, core } = await mount('controls');
    const devices = [{ deviceId: MARKUP, id: MARKUP, index: 0 }];
    core.emitDevices({ videodevices: devices, audiodevices: devices });
    await expectNothingParsed(el);
  });

  it('takes attributes as they are', async () => {
    const { el } = await mount('controls');
    sinon.stub(console, 'warn');
    for (const name of ['server', 'stream-name', 'ingest-url', 'token', 'video-device', 'lang', 'width', 'status']) {
      el.setAttribute(name, MARKUP);
    }
    await expectNothingParsed(el);
    await el.start();
    await expectNothingParsed(el);
  });

  it('shows the page’s own words as they are', async () => {
    const { el } = await mount('controls');
    el.strings = { idle: MARKUP, start: MARKUP, preview: MARKUP };
    await settled(el);
    expect(shownText(el)).to.equal(MARKUP);
    await expectNothingParsed(el);
  });
});
