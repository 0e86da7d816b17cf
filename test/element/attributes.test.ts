import { expect, fixture } from '@open-wc/testing';
import sinon from 'sinon';
import { attributeOf, SETTINGS, type SettingName, type Settings } from '../../src/element/attributes.js';
import { RtcUserError, type NanoWebcaster } from '../../src/index.js';
import type { FakeCore } from './support/fake-core.js';
import { create, mount, mountLive, place, recordWarnings, SERVER, settled } from './support/mount.js';

/** How one setting is tried out. */
interface Trial<Value> {
  /** A value as it is in HTML, and as the property has it. */
  html: string;
  value: Value;
  /** Attributes, and values of the property, that are wrong. */
  wrong: string[];
  wrongValues: unknown[];
  /** What the core has got of it; null for what concerns the element alone. */
  carried: ((core: FakeCore) => unknown) | null;
  /** What the core gets for `value`, where that differs. */
  sent?: unknown;
  /** When a change reaches the core while live. */
  holds: 'at once' | 'from the next start' | 'for the element alone';
}

const config = (core: FakeCore) => core.last('setConfig');
const video = (core: FakeCore) => core.last('startPreview')?.videoDeviceConfig;
const audio = (core: FakeCore) => core.last('startPreview')?.audioDeviceConfig;
const broadcast = (core: FakeCore) => core.last('startBroadcast');
const muted = (kind: string) => (core: FakeCore) => {
  const call = core.calls.findLast(({ method, argument }) => {
    return method === 'muteDevice' && (argument as { kind: string }).kind === kind;
  });
  return (call?.argument as { mute: boolean } | undefined)?.mute;
};

const WORDS = ['abc', '', '  ', 'NaN', 'Infinity', '12px'];
const NO_NUMBERS = [NaN, Infinity, true, {}, [5]];
const NO_TEXTS = [5, true, {}, () => 'text'];
const NO_CHOICES = [5, true, {}];

const text = (html: string, carried: Trial<string>['carried'], holds: Trial<string>['holds']): Trial<string> => {
  return { html, value: html, wrong: [], wrongValues: NO_TEXTS, carried, holds };
};
const flag = (carried: Trial<boolean>['carried'], holds: Trial<boolean>['holds']): Trial<boolean> => {
  return { html: '', value: true, wrong: [], wrongValues: [], carried, holds };
};
const number = (
  value: number,
  [tooLow, tooHigh]: [number, number?],
  carried: Trial<number>['carried'],
  holds: Trial<number>['holds'],
  fraction?: number,
): Trial<number> => {
  const outside = [tooLow, tooHigh, fraction].filter((wrong) => wrong !== undefined);
  const wrong = [...WORDS, ...outside.map(String)];
  return { html: String(value), value, wrong, wrongValues: [...NO_NUMBERS, ...outside], carried, holds };
};

const TRIALS: { [Name in SettingName]: Trial<Settings[Name]> } = {
  server: text(`${SERVER}/other`, (core) => core.last('signIn')?.server, 'from the next start'),
  streamName: text('show', (core) => broadcast(core)?.transcodingTargets?.streamname, 'from the next start'),
  ingestUrl: text('rtmp://out.example/x', (core) => broadcast(core)?.transcodingTargets?.output, 'from the next start'),
  token: text('secret', (core) => core.last('signIn')?.jwt, 'from the next start'),
  credentials: {
    html: 'include',
    value: 'include',
    wrong: ['cookies', '', 'Include'],
    wrongValues: NO_CHOICES,
    carried: (core) => core.last('signIn')?.credentials,
    holds: 'from the next start',
  },
  reconnectMinDelay: number(2.5, [0.9], (core) => config(core)?.reconnect?.minDelay, 'at once'),
  reconnectMaxDelay: number(20, [0], (core) => config(core)?.reconnect?.maxDelay, 'at once'),
  reconnectMaxRetries: number(0, [-1], (core) => config(core)?.reconnect?.maxRetries, 'at once', 2.5),
  source: {
    html: 'screen',
    value: 'screen',
    wrong: ['window', '', 'Screen '],
    wrongValues: NO_CHOICES,
    carried: (core) => video(core)?.source,
    holds: 'from the next start',
  },
  videoDevice: text('Back camera', (core) => video(core)?.device, 'at once'),
  audioDevice: { ...text('none', (core) => audio(core)?.device, 'at once'), sent: false },
  width: number(640, [319, 3841], (core) => video(core)?.width, 'from the next start'),
  height: number(480, [239, 2161], (core) => video(core)?.height, 'from the next start'),
  framerate: number(25, [0, 61], (core) => video(core)?.framerate, 'from the next start'),
  audioMode: {
    html: 'music',
    value: 'music',
    wrong: ['noise', ''],
    wrongValues: NO_CHOICES,
    carried: (core) => {
      const { autoGainControl, echoCancellation, noiseSuppression, channelCount } = audio(core) ?? {};
      return [autoGainControl, echoCancellation, noiseSuppression, channelCount, broadcast(core)?.encoding?.stereo];
    },
    sent: [false, false, false, 2, true],
    holds: 'from the next start',
  },
  muted: flag(muted('audioinput'), 'at once'),
  videoMuted: flag(muted('videoinput'), 'at once'),
  videoCodec: {
    html: 'vp9',
    value: 'vp9',
    wrong: ['mpeg2', ''],
    wrongValues: NO_CHOICES,
    carried: (core) => broadcast(core)?.encoding?.videoCodec,
    holds: 'from the next start',
  },
  videoBitrate: number(2500, [-1, 34001], (core) => config(core)?.bitrates?.videoSendBitrate, 'at once'),
  videoStartBitrate: number(900, [-1, 34001], (core) => config(core)?.bitrates?.videoSendInitialBitrate, 'at once'),
  audioBitrate: number(96, [-1, 511], (core) => config(core)?.bitrates?.audioSendBitrate, 'at once'),
  degradationPreference: {
    html: 'maintain-framerate',
    value: 'maintain-framerate',
    wrong: ['quality', 'Balanced'],
    wrongValues: NO_CHOICES,
    carried: (core) => broadcast(core)?.encoding?.degradationPreference,
    holds: 'from the next start',
  },
  autostart: flag(null, 'for the element alone'),
  controls: flag(null, 'for the element alone'),
  noPreview: flag(null, 'for the element alone'),
  remember: flag(null, 'for the element alone'),
  noWakeLock: flag(null, 'for the element alone'),
  logLevel: number(3, [-1, 5], (core) => config(core)?.logLevel, 'at once', 2.5),
};

function set(el: NanoWebcaster, name: SettingName, value: unknown): void {
  Object.assign(el, { [name]: value });
}

describe('<nano-webcaster> attributes', () => {
  let warnings: string[];

  beforeEach(() => (warnings = recordWarnings()));
  afterEach(() => sinon.restore());

  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    const attribute = attributeOf(name);
    const preset = SETTINGS[name].default;
    const { html, value, wrong, wrongValues, carried, holds, sent = value } = TRIALS[name] as Trial<unknown>;
    const start = async (el: NanoWebcaster) => {
      if (name !== 'server') el.server = SERVER;
      await el.start();
    };

    describe(attribute, () => {
      it('has its default where there is none', async () => {
        const { el } = await mount();
        expect(el[name]).to.equal(preset);
        expect(el.hasAttribute(attribute)).to.equal(false);
        expect(warnings).to.deep.equal([]);
      });

      it('is taken from HTML', async () => {
        const el = await fixture<NanoWebcaster>(`<nano-webcaster ${attribute}="${html}"></nano-webcaster>`);
        expect(el[name]).to.equal(value);
        expect(warnings).to.deep.equal([]);
      });

      it('can be changed while in the page', async () => {
        const { el } = await mount();
        el.setAttribute(attribute, html);
        expect(el[name]).to.equal(value);
        expect(warnings).to.deep.equal([]);
      });

      it('goes back to its default when it is removed', async () => {
        const { el } = await mount(`${attribute}="${html}"`);
        el.removeAttribute(attribute);
        expect(el[name]).to.equal(preset);
        expect(warnings).to.deep.equal([]);
      });

      it('can be set as a property before the element is in the page', async () => {
        const el = create();
        set(el, name, value);
        place().append(el);
        await el.updateComplete;
        expect(el[name]).to.equal(value);
        expect(warnings).to.deep.equal([]);
      });

      it('can be set as a property in the page, which writes no attribute', async () => {
        const { el } = await mount();
        set(el, name, value);
        await el.updateComplete;
        expect(el[name]).to.equal(value);
        expect(el.hasAttribute(attribute)).to.equal(false);
      });

      it('goes back to its default when the property is set to null or undefined', async () => {
        const { el } = await mount();
        for (const nothing of [null, undefined]) {
          set(el, name, value);
          set(el, name, nothing);
          expect(el[name]).to.equal(preset);
        }
        expect(warnings).to.deep.equal([]);
      });

      for (const given of wrong) {
        it(`has its default and one warning for "${given}" in HTML`, async () => {
          const el = await fixture<NanoWebcaster>(`<nano-webcaster ${attribute}="${given}"></nano-webcaster>`);
          expect(el[name]).to.equal(preset);
          expect(warnings).to.have.length(1);
          expect(warnings[0]).to.include(`${attribute} must be `);
        });
      }

      if (wrongValues.length > 0) {
        it('has its default and one warning, however often a wrong value is set', async () => {
          const { el } = await mount();
          for (const given of wrongValues) {
            set(el, name, value);
            set(el, name, given);
            expect(el[name], String(given)).to.equal(preset);
            await el.updateComplete;
          }
          expect(warnings).to.have.length(1);
        });
      }

      if (carried) {
        it('reaches the core with a start', async () => {
          const { el, core } = await mount(`${attribute}="${html}"`);
          await start(el);
          expect(carried(core)).to.deep.equal(sent);
        });

        it('reaches the core with the next start after a change', async () => {
          const { el, core } = await mountLive();
          await el.stop();
          el.setAttribute(attribute, html);
          await start(el);
          expect(carried(core)).to.deep.equal(sent);
        });
      }

      if (holds === 'at once') {
        it('reaches the core at once while live', async () => {
          const { el, core } = await mountLive();
          el.setAttribute(attribute, html);
          await settled(el);
          expect(carried?.(core)).to.deep.equal(sent);
        });

        it('reaches the core with its default when it is removed while live', async () => {
          const { el, core } = await mountLive(`${attribute}="${html}"`);
          el.removeAttribute(attribute);
          await settled(el);
          const standard = name === 'videoDevice' || name === 'audioDevice' ? true : preset;
          expect(carried?.(core)).to.deep.equal(standard);
        });
      } else {
        it('does not reach the core while live', async () => {
          const { el, core } = await mountLive();
          el.setAttribute(attribute, html);
          await settled(el);
          // What is shown may be measured; nothing changes for the broadcast.
          expect(core.methods.filter((method) => method !== 'enableStats')).to.deep.equal([]);
        });
      }
    });
  }

  describe('reconnect-min-delay above reconnect-max-delay', () => {
    it('means the defaults of both, and the retries stay', async () => {
      const { core } = await mount('reconnect-min-delay="9" reconnect-max-delay="5" reconnect-max-retries="3"');
      expect(core.last('setConfig')?.reconnect).to.deep.equal({ minDelay: 1, maxDelay: 8, maxRetries: 3 });
    });

    it('is warned about once, also over a start', async () => {
      const { el } = await mount(`server="${SERVER}" reconnect-min-delay="9" reconnect-max-delay="5"`);
      await el.start();
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.include('reconnect-min-delay').and.include('reconnect-max-delay');
    });

    it('is not warned about where both are right in the end', async () => {
      const { el, core } = await mountLive();
      el.setAttribute('reconnect-min-delay', '20');
      el.setAttribute('reconnect-max-delay', '40');
      await settled(el);
      expect(core.last('setConfig')?.reconnect).to.deep.equal({ minDelay: 20, maxDelay: 40, maxRetries: 60 });
      expect(warnings).to.deep.equal([]);
    });
  });

  it('hand over all of the reconnection by themselves, so that it is on', async () => {
    const { core } = await mount();
    expect(core.last('setConfig')?.reconnect).to.deep.equal({ minDelay: 1, maxDelay: 8, maxRetries: 60 });
  });

  it('switch the filters for speech on by themselves', async () => {
    const { el, core } = await mount();
    await el.startPreview();
    expect(core.last('startPreview')?.audioDeviceConfig).to.deep.equal({
      device: true,
      autoGainControl: true,
      echoCancellation: true,
      noiseSuppression: true,
    });
  });

  it('are on where a boolean is there, whatever its value', async () => {
    const { el } = await mount('muted="false"');
    expect(el.muted).to.equal(true);
  });

  it('warn two elements apart', async () => {
    await mount('width="1"');
    await mount('width="1"');
    expect(warnings).to.have.length(2);
  });

  it('that wait for the next start stay out of a change of device while live', async () => {
    const { el, core } = await mountLive();
    el.source = 'screen';
    el.audioDevice = 'Second microphone';
    await settled(el);
    expect(core.last('startPreview')?.audioDeviceConfig?.device).to.equal('Second microphone');
    expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal('camera');
  });

  it('that wait for the next start stay out of it also after a device was not there', async () => {
    const { el, core } = await mountLive();
    core.fail('startPreview', new RtcUserError(6004, 'There is no device "x".'));
    el.videoDevice = 'x';
    await settled(el);
    el.source = 'screen';
    el.videoDevice = 'Back camera';
    await settled(el);
    expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal('camera');
  });

  it('that change together while live are one call of the core each', async () => {
    const { el, core } = await mountLive();
    el.videoBitrate = 1000;
    el.audioBitrate = 64;
    el.videoDevice = '1';
    el.audioDevice = '1';
    await settled(el);
    expect(core.count('setConfig')).to.equal(1);
    expect(core.count('startPreview')).to.equal(1);
  });

  it('that are set to what they are already call nothing', async () => {
    const { el, core } = await mountLive('width="640" muted video-bitrate="900"');
    el.setAttribute('video-bitrate', '900');
    el.muted = true;
    await settled(el);
    expect(core.methods).to.deep.equal([]);
  });
});
