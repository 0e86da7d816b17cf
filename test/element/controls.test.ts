import { expect } from '@open-wc/testing';
import { RtcUserError, type NanoWebcaster } from '../../src/index.js';
import { press } from './support/keys.js';
import { button, GIVEN_UP, mount, mountLive, part, settled, show, textOf, unhandled, SERVER } from './support/mount.js';

const LABELS = ['Go live', 'Mute microphone', 'Turn camera off', 'Settings', 'Statistics'];

const labels = (el: NanoWebcaster) =>
  [...el.renderRoot.querySelectorAll('.controls button')].map((each) => textOf(each));
const focused = (el: NanoWebcaster) => textOf(el.shadowRoot?.activeElement ?? null);

describe('<nano-webcaster> controls', () => {
  it('are not there by default', async () => {
    const { el } = await mount();
    expect(part(el, 'controls')).to.equal(null);
    expect(labels(el)).to.deep.equal([]);
  });

  it('are buttons to start, to mute, to turn the camera off, for settings and for statistics', async () => {
    const { el } = await mount('controls');
    expect(labels(el)).to.deep.equal(LABELS);
  });

  it('go when the attribute goes', async () => {
    const { el } = await mount('controls');
    el.controls = false;
    await settled(el);
    expect(labels(el)).to.deep.equal([]);
  });

  it('submit no form around them', async () => {
    const { el } = await mount('controls');
    const types = [...el.renderRoot.querySelectorAll('button')].map(({ type }) => type);
    expect(new Set(types)).to.deep.equal(new Set(['button']));
  });

  it('go live with a click', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    button(el, 'Go live').click();
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
    expect(el.status).to.equal('broadcasting');
  });

  it('open camera and microphone within the click, while the browser still counts it as the user’s', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    button(el, 'Go live').click();
    expect(core.methods).to.include('startPreview');
  });

  it('stop with a click', async () => {
    const { el, core } = await mountLive('controls');
    button(el, 'Stop').click();
    await settled(el);
    expect(core.isLive).to.equal(false);
    expect(core.isCapturing).to.equal(false);
    expect(el.status).to.equal('idle');
    expect(labels(el)).to.deep.equal(LABELS);
  });

  for (const status of ['signalling', 'connected', 'broadcasting', 'reconnecting', 'reconnecting_broadcast'] as const) {
    it(`offer to stop while ${status}`, async () => {
      const { el, core } = await mount('controls');
      await show(el, core, status);
      expect(labels(el)[0]).to.equal('Stop');
    });
  }

  it('offer to go live while idle, and to try again after a failure', async () => {
    const { el, core } = await mount('controls');
    expect(labels(el)[0]).to.equal('Go live');
    await show(el, core, 'failed');
    expect(labels(el)[0]).to.equal('Try again');
  });

  it('offer to go live where only a preview has failed', async () => {
    const { el, core } = await mount('controls');
    core.fail('startPreview', new RtcUserError(6005, 'It was not allowed.'));
    button(el, 'Show preview').click();
    await settled(el);
    expect(el.status).to.equal('failed');
    expect(labels(el)[0]).to.equal('Go live');
  });

  it('offer to stop as soon as a start is under way', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    core.hold('signIn');
    button(el, 'Go live').click();
    await settled(el);
    expect(labels(el)[0]).to.equal('Stop');
  });

  it('stop a start that is under way', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    const held = core.hold('signIn');
    button(el, 'Go live').click();
    await settled(el);
    button(el, 'Stop').click();
    held.resolve();
    await settled(el);
    expect(core.methods).to.not.include('startBroadcast');
    expect(labels(el)[0]).to.equal('Go live');
  });

  it('offer to try again after a start that failed, and do', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    core.fail('startBroadcast', new RtcUserError(101001, 'The server failed.'));
    button(el, 'Go live').click();
    await settled(el);
    button(el, 'Try again').click();
    await settled(el);
    expect(el.status).to.equal('broadcasting');
  });

  it('start once for two clicks in a row, and the second one stops', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    button(el, 'Go live').click();
    button(el, 'Go live').click();
    await settled(el);
    expect(core.count('startBroadcast')).to.be.at.most(1);
    expect(core.isLive).to.equal(false);
    expect(el.status).to.equal('idle');
  });

  it('raise no unhandled rejection where a start fails', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    core.fail('startBroadcast', new RtcUserError(101001, 'The server failed.'));
    const seen = await unhandled(() => button(el, 'Go live').click());
    expect(seen).to.deep.equal([]);
  });

  it('raise no unhandled rejection where a stop fails', async () => {
    const { el, core } = await mountLive('controls');
    core.fail('stopBroadcast', new RtcUserError(5003, 'No broadcast is running.'));
    const seen = await unhandled(() => button(el, 'Stop').click());
    expect(seen).to.deep.equal([]);
  });

  const TOGGLES = [
    ['Mute microphone', 'muted', 'audioinput'],
    ['Turn camera off', 'videoMuted', 'videoinput'],
  ] as const;

  for (const [words, property, kind] of TOGGLES) {
    it(`switch ${property} on and off by "${words}", and tell the core`, async () => {
      const { el, core } = await mountLive('controls');
      for (const isOn of [true, false]) {
        button(el, words).click();
        await settled(el);
        expect(el[property]).to.equal(isOn);
        expect(core.calls).to.deep.include({ method: 'muteDevice', argument: { kind, mute: isOn } });
        core.forgetCalls();
      }
    });

    it(`say by aria-pressed whether "${words}" is on, and keep the words`, async () => {
      const { el } = await mount('controls');
      expect(button(el, words).ariaPressed).to.equal('false');
      el[property] = true;
      await settled(el);
      expect(button(el, words).ariaPressed).to.equal('true');
    });

    it(`keep ${property} over a stop and a start`, async () => {
      const { el, core } = await mountLive('controls');
      button(el, words).click();
      await el.stop();
      core.forgetCalls();
      await el.start();
      expect(core.calls).to.deep.include({ method: 'muteDevice', argument: { kind, mute: true } });
    });
  }

  describe('by keyboard', () => {
    const mountFocused = async () => {
      const { el, core } = await mount(`controls server="${SERVER}"`);
      const before = document.createElement('button');
      before.textContent = 'before';
      el.before(before);
      before.focus();
      return { el, core };
    };

    const tabTo = async (el: NanoWebcaster, words: string) => {
      for (let presses = 0; presses < 4 && focused(el) !== words; presses++) await press('Tab');
    };

    it('are reached one after the other with Tab, and nothing else is', async () => {
      const { el } = await mountFocused();
      const reached: string[] = [];
      while (reached.length <= LABELS.length) {
        await press('Tab');
        reached.push(focused(el));
      }
      expect(reached).to.deep.equal(['Show preview', ...LABELS]);
    });

    it('are not there to be reached without the attribute', async () => {
      const { el } = await mountFocused();
      const after = document.createElement('button');
      el.controls = false;
      el.after(after);
      await settled(el);
      await press('Tab');
      expect(document.activeElement === after).to.equal(true);
    });

    it('show a focus ring', async () => {
      const { el } = await mountFocused();
      await tabTo(el, 'Go live');
      const { outlineStyle, outlineWidth } = getComputedStyle(button(el, 'Go live'));
      expect(outlineStyle).to.equal('solid');
      expect(parseFloat(outlineWidth)).to.be.at.least(2);
    });

    it('go live with Enter, and the focus stays', async () => {
      const { el } = await mountFocused();
      await tabTo(el, 'Go live');
      await press('Enter');
      await settled(el);
      expect(el.status).to.equal('broadcasting');
      expect(focused(el)).to.equal('Stop');
    });

    it('mute with Space', async () => {
      const { el } = await mountFocused();
      button(el, 'Mute microphone').focus();
      await press(' ');
      await settled(el);
      expect(el.muted).to.equal(true);
    });
  });

  it('keep the focus when the broadcast fails', async () => {
    const { el, core } = await mountLive('controls');
    button(el, 'Stop').focus();
    core.emitError('BroadcastError', GIVEN_UP);
    await settled(el);
    expect(focused(el)).to.equal('Try again');
  });

  it('are at least 24 pixels high and wide, also in 280 pixels', async () => {
    const { el } = await mount('controls');
    el.style.width = '280px';
    for (const each of el.renderRoot.querySelectorAll('button')) {
      const { width, height } = each.getBoundingClientRect();
      expect(Math.min(width, height)).to.be.at.least(24);
    }
    expect(el.scrollWidth).to.be.at.most(280);
  });
});
