/** What has the focus after the control that had it is gone. */
import { expect } from '@open-wc/testing';
import { RtcUserError, type NanoWebcaster } from '../../src/index.js';
import type { FakeCore } from './support/fake-core.js';
import { press } from './support/keys.js';
import { button, GIVEN_UP, mount, mountLive, part, place, SERVER, settled, show } from './support/mount.js';

interface Scene {
  start: () => Promise<{ el: NanoWebcaster; core: FakeCore }>;
  focused: (el: NanoWebcaster) => HTMLElement | null;
  end: (el: NanoWebcaster, core: FakeCore) => unknown;
}

const SCENES: Record<string, Scene> = {
  'the button that turns the preview on': {
    start: () => mount('controls'),
    focused: (el) => button(el, 'Turn on preview'),
    end: (el) => button(el, 'Turn on preview').click(),
  },
  'the button that turns the preview off': {
    start: async () => {
      const mounted = await mount('controls');
      await mounted.el.startPreview();
      await settled(mounted.el);
      return mounted;
    },
    focused: (el) => button(el, 'Turn off preview'),
    end: (el) => button(el, 'Turn off preview').click(),
  },
  'the button that cancels a start': {
    start: async () => {
      const mounted = await mount(`controls server="${SERVER}"`);
      mounted.core.hold('startBroadcast');
      button(mounted.el, 'Go live').click();
      await settled(mounted.el);
      return mounted;
    },
    focused: (el) => button(el, 'Cancel'),
    end: (el) => button(el, 'Cancel').click(),
  },
  'the question whether to end, when the broadcast fails': {
    start: async () => {
      const mounted = await mountLive('controls');
      button(mounted.el, 'End').click();
      await settled(mounted.el);
      return mounted;
    },
    focused: (el) => button(el, 'Stay live'),
    end: (_, core) => core.emitError('BroadcastError', GIVEN_UP),
  },
  'the button for the statistics, when the broadcast ends': {
    start: () => mountLive('controls'),
    focused: (el) => part(el, 'facts')?.querySelector('[aria-controls=stats]') ?? null,
    end: (el) => el.stop(),
  },
  'any control, when the controls go': {
    start: () => mountLive('controls'),
    focused: (el) => button(el, 'Mute microphone'),
    end: (el) => (el.controls = false),
  },
  'the button that tries again, without controls': {
    start: async () => {
      const mounted = await mount(`server="${SERVER}"`);
      await show(mounted.el, mounted.core, 'failed');
      return mounted;
    },
    focused: (el) => button(el, 'Try again'),
    end: (el) => button(el, 'Try again').click(),
  },
};

describe('The focus in <nano-webcaster>', () => {
  for (const [name, { start, focused, end }] of Object.entries(SCENES)) {
    it(`goes to the status from ${name}`, async () => {
      const { el, core } = await start();
      focused(el)?.focus();
      expect(el.shadowRoot?.activeElement === focused(el)).to.equal(true);
      await end(el, core);
      await settled(el);
      expect(el.shadowRoot?.activeElement === part(el, 'status')).to.equal(true);
    });
  }

  it('stays at a control that stays', async () => {
    const { el, core } = await mountLive('controls');
    button(el, 'Mute microphone').focus();
    core.emitStatus('reconnecting_broadcast');
    await settled(el);
    expect(el.shadowRoot?.activeElement === button(el, 'Mute microphone')).to.equal(true);
  });

  it('is not taken from the page', async () => {
    const { el, core } = await mountLive('controls');
    const own = document.createElement('button');
    place().append(own);
    button(el, 'End').click();
    await settled(el);
    own.focus();
    core.emitError('BroadcastError', new RtcUserError(5002, 'Given up.'));
    await settled(el);
    expect(document.activeElement === own).to.equal(true);
  });

  it('is where a key that is still held down starts no broadcast', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    button(el, 'Turn on preview').focus();
    await press('Enter');
    await settled(el);
    await press('Enter');
    await settled(el);
    expect(core.isCapturing).to.equal(true);
    expect(core.count('startBroadcast')).to.equal(0);
  });
});
