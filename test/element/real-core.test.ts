import { expect, waitUntil } from '@open-wc/testing';
import sinon from 'sinon';
import { RtcUser, type NanoWebcaster } from '../../src/index.js';
import { create, part, place, reaches, rejection, SERVER, settled, shownText, unhandled } from './support/mount.js';

/** An element in the page with a `RtcUser` of its own, the browser's fake camera and a server that answers this. */
async function mountReal(attributes: string, answer: (method: string) => Response): Promise<NanoWebcaster> {
  sinon.stub(window, 'fetch').callsFake((_url, { method = 'GET' } = {}) => {
    try {
      return Promise.resolve(answer(method));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  });
  const el = create(`server="${SERVER}" ${attributes}`);
  place().append(el);
  await el.updateComplete;
  return el;
}

const refusingWith = (status: number) => (method: string) =>
  method === 'HEAD' ? new Response() : new Response('no', { status });

const unreachable = () => {
  throw new TypeError('Failed to fetch');
};

const tracksOf = (el: NanoWebcaster) => el.mediaStream?.getTracks() ?? [];

describe('<nano-webcaster> with the real core', () => {
  afterEach(() => sinon.restore());

  const FAULTS: [string, (method: string) => Response, number][] = [
    ['answers 401', refusingWith(401), 103001],
    ['answers 404', refusingWith(404), 5001],
    ['answers 503', refusingWith(503), 101001],
    ['cannot be reached', unreachable, 5001],
  ];

  for (const [fault, answer, code] of FAULTS) {
    it(`fails with a sentence where the server ${fault}, and with its code`, async () => {
      const el = await mountReal('', answer);
      const error = await rejection(el.start());
      await settled(el);
      expect(el.status).to.equal('failed');
      expect(el.error).to.equal(error);
      expect(el.error?.code).to.equal(code);
      expect(el.error?.message).to.match(/^\p{Lu}.{15,}\.$|^https?:\S+ .{10,}\.$/u);
      expect(shownText(el)).to.include(el.error?.message);
    });
  }

  const html = () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } });
  const CONNECTION = 'We couldn’t connect to the streaming server. Try again, or contact the site.';
  const ADDRESS = 'The streaming address seems to be wrong. Please contact the site.';
  const SENTENCES: [string, (method: string) => Response, string, string][] = [
    ['a host that does not answer, or forbids to read it', unreachable, CONNECTION, 'https://media.example'],
    ['a path that does not exist', refusingWith(404), ADDRESS, '404'],
    ['a path that takes no POST', refusingWith(405), ADDRESS, '405'],
    ['a web page', html, ADDRESS, 'is it a WHIP endpoint?'],
    ['a stream name in use', refusingWith(409), CONNECTION, '409'],
  ];

  for (const [what, answer, sentence, detail] of SENTENCES) {
    it(`says of ${what}: “${sentence}”, with the reason for the author`, async () => {
      const el = await mountReal('controls', answer);
      await rejection(el.start());
      await settled(el);
      const card = part(el, 'card');
      expect(card?.querySelector('slot[name="failed"] .sentence')?.textContent).to.equal(sentence);
      expect(card?.querySelector('details')?.textContent).to.include(detail);
    });
  }

  it('asks to check the connection if the browser is offline', async () => {
    const el = await mountReal('controls', unreachable);
    sinon.stub(navigator, 'onLine').value(false);
    await rejection(el.start());
    await settled(el);
    expect(shownText(el)).to.include('You’re offline. Check your connection, then try again.');
  });

  it('raises no unhandled rejection where autostart meets a server that fails', async () => {
    const seen = await unhandled(async () => {
      const el = await mountReal('autostart', refusingWith(503));
      await reaches(el, 'failed');
    });
    expect(seen).to.deep.equal([]);
  });

  it('raises no unhandled rejection where a start by a button cannot reach the server', async () => {
    const seen = await unhandled(async () => {
      const el = await mountReal('controls', unreachable);
      part(el, 'start-button')?.click();
      await reaches(el, 'failed');
    });
    expect(seen).to.deep.equal([]);
  });

  it('goes from idle over signalling to failed where the server refuses', async () => {
    const el = await mountReal('', refusingWith(503));
    const seen: string[] = [];
    el.addEventListener('broadcast-status', ({ detail }) => seen.push(detail.data.message));
    await rejection(el.start());
    await settled(el);
    expect(seen).to.deep.equal(['signalling']);
  });

  it('fails with a sentence where there is no server at all', async () => {
    const el = await mountReal('', unreachable);
    el.server = '';
    await rejection(el.start());
    await settled(el);
    expect(el.status).to.equal('failed');
    expect(el.error?.message).to.include('server must be the URL of a WHIP endpoint');
  });

  it('shows the camera, playing', async () => {
    const el = await mountReal('', unreachable);
    await el.startPreview();
    await settled(el);
    const video = part<HTMLVideoElement>(el, 'preview') as HTMLVideoElement;
    await waitUntil(() => video.videoWidth > 0 && !video.paused && video.currentTime > 0, 'a playing picture', {
      timeout: 10_000,
    });
    expect(tracksOf(el).map(({ kind }) => kind)).to.have.members(['audio', 'video']);
  });

  it('knows the devices by name once the camera is open', async () => {
    const el = await mountReal('', unreachable);
    await el.startPreview();
    await settled(el);
    expect(el.devices.videodevices).to.have.length.above(0);
    expect(el.devices.audiodevices.every(({ id }) => id !== '')).to.equal(true);
  });

  it('shows the same stream after a change of device', async () => {
    const el = await mountReal('', unreachable);
    await el.startPreview();
    await settled(el);
    const before = el.mediaStream;
    const [camera] = el.devices.videodevices;
    let isChanged = false;
    el.addEventListener('start-preview-success', () => (isChanged = true));
    el.videoDevice = camera?.deviceId ?? '';
    await waitUntil(() => isChanged, 'another device', { timeout: 5_000 });
    expect(el.mediaStream === before).to.equal(true);
    expect(tracksOf(el).map(({ readyState }) => readyState)).to.deep.equal(['live', 'live']);
  });

  it('switches tracks off that are muted', async () => {
    const el = await mountReal('muted video-muted', unreachable);
    await el.startPreview();
    await settled(el);
    expect(tracksOf(el).map(({ enabled }) => enabled)).to.deep.equal([false, false]);
    el.muted = false;
    await settled(el);
    expect(tracksOf(el).filter(({ enabled }) => enabled)).to.have.length(1);
  });

  it('frees camera and microphone when the element is removed', async () => {
    const el = await mountReal('', unreachable);
    await el.startPreview();
    await settled(el);
    const tracks = tracksOf(el);
    el.remove();
    await waitUntil(() => tracks.every(({ readyState }) => readyState === 'ended'), 'ended tracks');
    expect(tracks).to.have.length(2);
  });

  it('frees camera and microphone when the element is removed while they are being opened', async () => {
    const opened = sinon.spy(navigator.mediaDevices, 'getUserMedia');
    const el = await mountReal('', unreachable);
    const preview = el.startPreview().catch(() => undefined);
    await waitUntil(() => opened.callCount === 1, 'an open camera');
    el.remove();
    const tracks = (await (opened.firstCall.returnValue as Promise<MediaStream>)).getTracks();
    await preview;
    await waitUntil(() => tracks.every(({ readyState }) => readyState === 'ended'), 'ended tracks');
    expect(tracks).to.have.length(2);
  });

  it('says in a sentence why there is no camera', async () => {
    const el = await mountReal('', unreachable);
    sinon.stub(navigator.mediaDevices, 'getUserMedia').rejects(new DOMException('no', 'NotAllowedError'));
    await rejection(el.startPreview());
    await settled(el);
    expect(el.status).to.equal('failed');
    expect(shownText(el)).to.include('Allow access in the address bar, then try again.');
  });

  it('is a RtcUser that the page can use beside the element', async () => {
    const el = await mountReal('', unreachable);
    expect(el.core).to.be.instanceOf(RtcUser);
    await el.core.startPreview();
    await settled(el);
    expect(tracksOf(el)).to.have.length(2);
  });
});
