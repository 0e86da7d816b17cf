import { expect, fixture } from '@open-wc/testing';
import { NanoWebcaster, RtcUser } from '../../src/index.js';
import { FakeCore } from './support/fake-core.js';
import { controlsLoaded, mount, place, recordWarnings, SERVER, settled, shownText } from './support/mount.js';
import sinon from 'sinon';

let tags = 0;

/** A name under which nothing is defined yet. */
function freshTag(): string {
  return `x-webcaster-${++tags}`;
}

/** Defines the element under another name; a class can be defined once. */
function define(tag: string): void {
  class Webcaster extends NanoWebcaster {}
  Webcaster.define(tag);
}

/** An element in the page whose class has not been loaded yet. */
function undefinedElement(attributes = '', content = ''): { tag: string; el: NanoWebcaster } {
  const tag = freshTag();
  const target = place();
  target.innerHTML = `<${tag} ${attributes}>${content}</${tag}>`;
  return { tag, el: target.firstElementChild as NanoWebcaster };
}

describe('<nano-webcaster> upgrade', () => {
  afterEach(() => sinon.restore());

  it('is defined by importing the package', () => {
    expect(customElements.get('nano-webcaster') === NanoWebcaster).to.equal(true);
  });

  it('does nothing where it is defined already', () => {
    expect(() => NanoWebcaster.define()).to.not.throw();
    expect(customElements.get('nano-webcaster') === NanoWebcaster).to.equal(true);
  });

  it('leaves alone what another script has defined under the name', () => {
    const tag = freshTag();
    class Other extends HTMLElement {}
    customElements.define(tag, Other);
    expect(() => define(tag)).to.not.throw();
    expect(customElements.get(tag) === Other).to.equal(true);
  });

  it('goes well where the script is loaded twice', async () => {
    const again = `${new URL('../../src/define.ts', import.meta.url).href}?again`;
    await import(again);
    expect(customElements.get('nano-webcaster') === NanoWebcaster).to.equal(true);
  });

  it('works under another name', async () => {
    const tag = freshTag();
    define(tag);
    const el = await fixture<NanoWebcaster>(`<${tag} width="640"></${tag}>`);
    expect(el.width).to.equal(640);
    expect(shownText(el)).to.equal('Not live');
  });

  it('brings markup to life that was there before the script', async () => {
    const { tag, el } = undefinedElement('width="640" muted controls', '<b slot="idle">Ready</b>');
    define(tag);
    await controlsLoaded(el);
    expect(el.width).to.equal(640);
    expect(el.muted).to.equal(true);
    expect(el.status).to.equal('idle');
    expect(shownText(el)).to.equal('Ready');
    expect(el.renderRoot.querySelectorAll('.bar button')).to.have.length(5);
  });

  const EARLY = {
    server: SERVER,
    reconnectMaxRetries: 3,
    muted: true,
    iceServers: [{ urls: 'stun:stun.example' }],
    tokenProvider: () => 'fresh',
    strings: { idle: 'Ready' },
  };

  for (const [name, value] of Object.entries(EARLY)) {
    it(`keeps ${name} where it was set before the script`, async () => {
      const { tag, el } = undefinedElement();
      Object.assign(el, { [name]: value });
      define(tag);
      await el.updateComplete;
      expect(el[name as keyof NanoWebcaster]).to.equal(value);
      expect(Object.hasOwn(el, name)).to.equal(false);
    });

    it(`takes changes of ${name} after the upgrade`, async () => {
      const { tag, el } = undefinedElement();
      Object.assign(el, { [name]: value });
      define(tag);
      await el.updateComplete;
      Object.assign(el, { [name]: null });
      await el.updateComplete;
      expect(el[name as keyof NanoWebcaster]).to.not.equal(value);
    });
  }

  it('prefers a property that was set before the script to the attribute', async () => {
    const { tag, el } = undefinedElement('width="640"');
    el.width = 800;
    define(tag);
    await el.updateComplete;
    expect(el.width).to.equal(800);
  });

  it('reads a wrong property that was set before the script as the default, with one warning', async () => {
    const warnings = recordWarnings();
    const { tag, el } = undefinedElement();
    el.width = 5;
    define(tag);
    await el.updateComplete;
    expect(el.width).to.equal(1280);
    expect(warnings).to.have.length(1);
  });

  it('uses a core that was set before the script', async () => {
    const { tag, el } = undefinedElement(`server="${SERVER}"`);
    const core = new FakeCore();
    el.core = core.asCore;
    define(tag);
    await el.updateComplete;
    expect(core.count('setConfig')).to.be.above(0);
    expect(core.handlerCount).to.be.above(0);
  });

  it('uses a mediaStream that was set before the script', async () => {
    const setMediaStream = sinon.stub(RtcUser.prototype, 'setMediaStream').resolves();
    const { tag, el } = undefinedElement();
    el.mediaStream = new MediaStream();
    define(tag);
    await el.updateComplete;
    expect(setMediaStream.callCount).to.equal(1);
    expect(Object.hasOwn(el, 'mediaStream')).to.equal(false);
  });

  it('hears listeners that were added before the script', async () => {
    const { tag, el } = undefinedElement();
    const heard = sinon.spy();
    el.addEventListener('broadcast-status', heard);
    define(tag);
    const core = new FakeCore();
    el.core = core.asCore;
    core.emitStatus('broadcasting');
    expect(heard.callCount).to.equal(1);
  });

  it('starts by itself where autostart was there before the script', async () => {
    const { tag, el } = undefinedElement(`autostart server="${SERVER}"`);
    const core = new FakeCore();
    define(tag);
    el.core = core.asCore;
    await settled(el);
    expect(core.isLive).to.equal(true);
  });

  it('gives every subclass attributes of its own', async () => {
    const { tag, el } = undefinedElement('width="640"');
    define(tag);
    const { el: other } = await mount('width="800"');
    expect([el.width, other.width]).to.deep.equal([640, 800]);
  });

  it('does without a page’s own reads and writes: nothing is asked of camera or network', async () => {
    const camera = sinon.spy(navigator.mediaDevices, 'getUserMedia');
    const list = sinon.spy(navigator.mediaDevices, 'enumerateDevices');
    const network = sinon.spy(window, 'fetch');
    const { tag, el } = undefinedElement(`server="${SERVER}" controls video-device="1"`);
    define(tag);
    await settled(el);
    expect([camera.callCount, list.callCount, network.callCount]).to.deep.equal([0, 0, 0]);
  });
});
