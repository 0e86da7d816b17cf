import { expect, waitUntil } from '@open-wc/testing';
import sinon from 'sinon';
import { RtcUserError, type NanoWebcaster } from '../../src/index.js';
import { press } from './support/keys.js';
import { button, GIVEN_UP, mount, mountLive, part, settled, show, textOf, unhandled, SERVER } from './support/mount.js';

const LABELS = ['Mute microphone', 'Turn camera off', 'Share screen', 'Settings', 'Go live'];

/** The lists of devices are reached with the keyboard too. */
const REACHED = [
  'Turn on preview',
  'Mute microphone',
  'Choose microphone',
  'Turn camera off',
  'Choose camera',
  'Share screen',
  'Settings',
  'Go live',
];

const labels = (el: NanoWebcaster) => [...el.renderRoot.querySelectorAll('.bar button')].map((each) => textOf(each));
const main = (el: NanoWebcaster) => labels(el).at(-1);
const focused = (el: NanoWebcaster) => {
  const active = el.shadowRoot?.activeElement ?? null;
  return active?.getAttribute('aria-label') ?? textOf(active);
};

describe('<nano-webcaster> controls', () => {
  it('are not there by default', async () => {
    const { el } = await mount();
    expect(part(el, 'bar')).to.equal(null);
    expect(labels(el)).to.deep.equal([]);
  });

  it('are buttons to mute, to turn the camera off, to share the screen, for settings, and to go live', async () => {
    const { el } = await mount('controls');
    expect(labels(el)).to.deep.equal(LABELS);
  });

  it('go when the attribute goes', async () => {
    const { el } = await mount('controls');
    el.controls = false;
    await settled(el);
    expect(labels(el)).to.deep.equal([]);
  });

  it('come back without the panel and the question that were open when they went', async () => {
    const { el } = await mountLive('controls');
    button(el, 'Settings').click();
    await settled(el);
    button(el, 'End').click();
    await settled(el);
    el.controls = false;
    await settled(el);
    el.controls = true;
    await settled(el);
    expect(el.renderRoot.querySelectorAll('[role=alertdialog]')).to.have.length(0);
    expect(part(el, 'settings')?.checkVisibility()).to.equal(false);
    expect(el.matches(':state(settings-open)')).to.equal(false);
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

  it('ask before they end a live broadcast, and end it with the answer', async () => {
    const { el, core } = await mountLive('controls');
    button(el, 'End').click();
    await settled(el);
    expect(core.isLive).to.equal(true);
    expect(focused(el)).to.equal('Stay live');
    button(el, 'End broadcast').click();
    await settled(el);
    expect(core.isLive).to.equal(false);
    expect(core.isCapturing).to.equal(false);
    expect(el.status).to.equal('idle');
    expect(labels(el)).to.deep.equal(LABELS);
  });

  for (const how of ['Stay live', 'Escape']) {
    it(`go on with ${how}, and the focus goes back to the button`, async () => {
      const { el, core } = await mountLive('controls');
      button(el, 'End').click();
      await settled(el);
      if (how === 'Escape') await press('Escape');
      else button(el, how).click();
      await settled(el);
      expect(core.isLive).to.equal(true);
      expect(el.renderRoot.querySelector('[role=alertdialog]')).to.equal(null);
      expect(focused(el)).to.equal('End');
    });
  }

  for (const status of ['broadcasting', 'reconnecting', 'reconnecting_broadcast'] as const) {
    it(`offer to end while ${status}`, async () => {
      const { el, core } = await mount('controls');
      await show(el, core, status);
      expect(main(el)).to.equal('End');
    });
  }

  for (const status of ['requesting', 'signalling', 'connected'] as const) {
    it(`offer to cancel while ${status}`, async () => {
      const { el, core } = await mount('controls');
      await show(el, core, status);
      button(el, 'Cancel').click();
      await settled(el);
      expect(el.status).to.not.equal('failed');
    });
  }

  it('offer to go live while idle, and to try again after a failure', async () => {
    const { el, core } = await mount('controls');
    expect(main(el)).to.equal('Go live');
    await show(el, core, 'failed');
    expect(main(el)).to.equal('Go live');
    expect(button(el, 'Try again').checkVisibility()).to.equal(true);
  });

  it('offer nothing to try again if the page is wrong', async () => {
    const { el, core } = await mount('controls');
    sinon.stub(console, 'error');
    core.emitError('StartBroadcastError', new RtcUserError(1002, 'server must be a URL.'));
    await settled(el);
    expect(() => button(el, 'Try again')).to.throw();
    const { args } = (console.error as sinon.SinonStub).firstCall;
    expect(args[0]).to.include('server must be a URL.');
    sinon.restore();
  });

  it('offer to go live where only a preview has failed', async () => {
    const { el, core } = await mount('controls');
    core.fail('startPreview', new RtcUserError(6005, 'It was not allowed.'));
    button(el, 'Turn on preview').click();
    await settled(el);
    expect(el.status).to.equal('failed');
    expect(main(el)).to.equal('Go live');
  });

  it('neither start nor stop with the main button while a start is under way', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    core.hold('signIn');
    button(el, 'Go live').click();
    await settled(el);
    expect(button(el, 'Connecting').ariaDisabled).to.equal('true');
    button(el, 'Connecting').click();
    await settled(el);
    expect(main(el)).to.equal('Connecting');
    expect(core.count('signIn')).to.equal(1);
  });

  it('cancel a start that is under way', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    core.hold('startBroadcast');
    button(el, 'Go live').click();
    await settled(el);
    button(el, 'Cancel').click();
    await settled(el);
    expect(core.isLive).to.equal(false);
    expect(main(el)).to.equal('Go live');
  });

  it('offer to try again after a start that failed, and do', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    core.fail('startBroadcast', new RtcUserError(101001, 'The server failed.'));
    button(el, 'Go live').click();
    await settled(el);
    button(el, 'Try again').click();
    await settled(el);
    expect(el.status).to.equal('broadcasting');
    expect(focused(el)).to.equal('End');
  });

  it('start once for two clicks in a row, and the second one does not stop', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    button(el, 'Go live').click();
    button(el, 'Go live').click();
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
    expect(core.isLive).to.equal(true);
    expect(el.status).to.equal('broadcasting');
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
    button(el, 'End').click();
    await settled(el);
    const seen = await unhandled(() => button(el, 'End broadcast').click());
    expect(seen).to.deep.equal([]);
  });

  for (const [kind, label, other] of [
    ['videoinput', 'Turn camera off', 'Mute microphone'],
    ['audioinput', 'Mute microphone', 'Turn camera off'],
  ] as const) {
    it(`mark the button of a device that is lost: ${kind}`, async () => {
      const { el, core } = await mountLive('controls');
      const isMarked = (name: string) => getComputedStyle(button(el, name), '::after').content.includes('!');
      core.emitCapture({ kind, state: 'blocked' });
      await settled(el);
      expect([isMarked(label), isMarked(other)]).to.deep.equal([true, false]);
      expect(button(el, label).title, 'its description').to.match(/^Your (camera|microphone) is blocked/);
      core.emitCapture({ kind, state: 'live' });
      await settled(el);
      expect(isMarked(label)).to.equal(false);
    });
  }

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
      for (let presses = 0; presses < REACHED.length && focused(el) !== words; presses++) await press('Tab');
    };

    it('are reached one after the other with Tab, and nothing else is', async () => {
      const { el } = await mountFocused();
      const reached: string[] = [];
      while (reached.length < REACHED.length) {
        await press('Tab');
        reached.push(focused(el));
      }
      expect(reached).to.deep.equal(REACHED);
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
      expect(focused(el)).to.equal('End');
    });

    it('mute with Space', async () => {
      const { el } = await mountFocused();
      button(el, 'Mute microphone').focus();
      await press(' ');
      await settled(el);
      expect(el.muted).to.equal(true);
    });
  });

  describe('have at most one primary button', () => {
    const primary = (el: NanoWebcaster) =>
      [...el.renderRoot.querySelectorAll<HTMLElement>('.primary, .permission')]
        .filter((each) => each.checkVisibility())
        .map((each) => (each.localName === 'usermedia' ? each.localName : textOf(each)));
    const failing = async (method: 'startPreview' | 'startBroadcast' | 'signIn', error: RtcUserError) => {
      const { el, core } = await mount(`controls server="${SERVER}"`);
      core.fail(method, error);
      await el.start().catch(() => undefined);
      await settled(el);
      return el;
    };

    it('to go live while idle', async () => {
      const { el } = await mount('controls');
      expect(primary(el)).to.deep.equal(['Go live']);
    });

    it('on the card after a denial', async () => {
      const denial = new DOMException('Permission denied', 'NotAllowedError');
      const el = await failing('startPreview', new RtcUserError(6005, 'Denied.', denial));
      const onCard = 'HTMLUserMediaElement' in window ? 'usermedia' : 'Try again';
      expect(primary(el)).to.deep.equal([onCard]);
      expect(main(el)).to.equal('Go live');
    });

    it('on the card after a failed start', async () => {
      const el = await failing('startBroadcast', new RtcUserError(5001, 'No answer.'));
      expect(primary(el)).to.deep.equal(['Try again']);
    });

    it('none after a mistake of the author, which no press can mend', async () => {
      const el = await failing('signIn', new RtcUserError(1002, 'No address.'));
      expect(primary(el)).to.deep.equal([]);
      expect(main(el)).to.equal('Go live');
    });
  });

  it('keep the focus when the broadcast fails', async () => {
    const { el, core } = await mountLive('controls');
    button(el, 'End').focus();
    core.emitError('BroadcastError', GIVEN_UP);
    await settled(el);
    expect(focused(el)).to.equal('Go live');
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

  for (const panel of ['settings', 'stats']) {
    it(`leave the status in sight in 280 pixels while the ${panel} are open and live`, async () => {
      const { el, core } = await mountLive('controls style="width: 280px"');
      el.renderRoot.querySelector<HTMLElement>(`[aria-controls=${panel}]`)?.click();
      for (const status of ['broadcasting', 'reconnecting_broadcast'] as const) {
        core.emitStatus(status, { delay: 3 });
        await settled(el);
        const pill = part(el, 'status');
        const close = button(el, 'Close');
        const { left, right, top, height } = pill?.getBoundingClientRect() ?? new DOMRect();
        expect(pill?.contains(el.shadowRoot?.elementFromPoint((left + right) / 2, top + height / 2) ?? null)).to.equal(
          true,
        );
        expect(right).to.be.at.most(close.getBoundingClientRect().left);
      }
    });
  }

  for (const status of ['broadcasting', 'reconnecting_broadcast'] as const) {
    for (const lang of ['en', 'de', 'es', 'fr', 'ja', 'ar']) {
      it(`show the title of a panel beside the status in 360 pixels, in ${lang} while ${status}`, async () => {
        const { el, core } = await mountLive(`controls lang="${lang}" style="width: 360px"`);
        for (const panel of ['settings', 'stats']) {
          el.renderRoot.querySelector<HTMLElement>(`[aria-controls=${panel}]`)?.click();
          core.emitStatus(status, { delay: 3 });
          await settled(el);
          const title = part(el, panel)?.querySelector('h2') as HTMLElement;
          const [of, beside] = [title, part(el, 'status') as HTMLElement].map((each) => each.getBoundingClientRect());
          expect(getComputedStyle(title).opacity).to.equal('1');
          expect(of && beside && (of.left >= beside.right || of.right <= beside.left)).to.equal(true);
        }
      });
    }
  }

  it('fade out what goes on below the end of a panel, but not its last line', async () => {
    const { el } = await mountLive('controls style="width: 390px"');
    button(el, 'Settings').click();
    await settled(el);
    const panel = part(el, 'settings') as HTMLElement;
    const fade = getComputedStyle(panel, '::after');
    expect([fade.position, fade.pointerEvents]).to.deep.equal(['sticky', 'none']);
    expect(fade.backgroundImage).to.match(/gradient/);
    expect(panel.scrollHeight).to.be.above(panel.clientHeight);
    panel.scrollTo(0, panel.scrollHeight);
    const last = panel.querySelector('.hint')?.getBoundingClientRect();
    expect(last?.bottom).to.be.at.most(panel.getBoundingClientRect().bottom - Number.parseFloat(fade.height) + 1);
  });

  it('dim a locked setting, but not its label', async () => {
    const { el } = await mountLive('controls');
    button(el, 'Settings').click();
    await settled(el);
    // Up to the panel, which is still appearing.
    const opacityOf = (element: Element | null): number =>
      element && !element.matches('.fields')
        ? Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement)
        : 1;
    const find = (selector: string) => el.renderRoot.querySelector(`[part=field]${selector}`);
    const [label, legend] = [':has([name=size]) > span', ' legend'].map((selector) => opacityOf(find(selector)));
    const [select, choices] = [' [name=size]', ' .choices'].map((selector) => opacityOf(find(selector)));
    expect(legend).to.equal(label);
    expect(choices).to.equal(select);
    expect(select).to.be.below(1);
  });

  it('align the advanced settings with the others', async () => {
    const { el } = await mount('controls');
    button(el, 'Settings').click();
    await settled(el);
    const textLeft = (selector: string) => {
      const range = document.createRange();
      range.selectNodeContents(el.renderRoot.querySelector(selector) as Element);
      return range.getBoundingClientRect().left;
    };
    expect(textLeft('.advanced summary')).to.be.closeTo(textLeft('h3'), 1);
  });

  it('centre the details of a failure below what they belong to', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    core.fail('startBroadcast', new RtcUserError(101001, 'The server answered POST with 503.'));
    await el.start().catch(() => undefined);
    await settled(el);
    el.renderRoot.querySelector<HTMLElement>('.card summary')?.click();
    await settled(el);
    const centre = (selector: string) => {
      const range = document.createRange();
      range.selectNodeContents(el.renderRoot.querySelector(selector) as Element);
      const { left, right } = range.getBoundingClientRect();
      return (left + right) / 2;
    };
    expect(centre('.card details p')).to.be.closeTo(centre('.card .headline'), 1);
  });

  it('leave the title of the settings in sight in 280 pixels while nothing is live', async () => {
    const { el } = await mount('controls style="width: 280px"');
    button(el, 'Settings').click();
    await settled(el);
    const title = el.renderRoot.querySelector('h2');
    const { left, top, height } = title?.getBoundingClientRect() ?? new DOMRect();
    expect(el.shadowRoot?.elementFromPoint(left + 5, top + height / 2)).to.equal(title);
    expect(title && getComputedStyle(title).opacity).to.equal('1');
  });

  it('leave the details of a failure in sight in 280 pixels', async () => {
    const { el, core } = await mount(`controls style="width: 280px" server="${SERVER}"`);
    core.fail('startPreview', new RtcUserError(6004, 'None.', new DOMException('None.', 'NotFoundError')));
    await el.start().catch(() => undefined);
    await settled(el);
    const card = part(el, 'card');
    expect(card?.querySelector('summary')).to.not.equal(null);
    expect(card?.scrollHeight).to.be.at.most(card?.clientHeight ?? 0);
  });

  for (const width of [280, 544]) {
    it(`bring the technical text of a failure into sight when it is opened, in ${width} pixels`, async () => {
      const { el, core } = await mount(`controls style="width: ${width}px" server="${SERVER}"`);
      core.fail('startBroadcast', new RtcUserError(5001, 'No answer from https://media.example to POST.'.repeat(2)));
      await el.start().catch(() => undefined);
      await settled(el);
      el.renderRoot.querySelector<HTMLElement>('.card summary')?.click();
      const bottomOf = (selector: string) =>
        el.renderRoot.querySelector(selector)?.getBoundingClientRect().bottom ?? NaN;
      await waitUntil(() => bottomOf('.card details p') <= bottomOf('.card') + 1, 'the end of the text is in sight');
      expect(bottomOf('.card')).to.be.at.most(el.getBoundingClientRect().bottom);
    });
  }
});
