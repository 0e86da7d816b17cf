import { expect } from '@open-wc/testing';
import '../../src/element/languages/ar.js';
import sinon, { type SinonFakeTimers } from 'sinon';
import { RtcUserError, type NanoWebcaster } from '../../src/index.js';
import { button, GIVEN_UP, liveRegion, mount, mountLive, part, place, settled, textOf } from './support/mount.js';

const RESULTS = { videoBitrate: 2400, audioBitrate: 96, packetLoss: 1.25, roundTripTime: 40 };

async function openStats(el: NanoWebcaster): Promise<void> {
  const own = el.renderRoot.querySelector<HTMLElement>('[aria-controls=stats]');
  if (!own) {
    button(el, 'Settings').click();
    await settled(el);
  }
  (own ?? button(el, 'Connection')).click();
  await settled(el);
}

describe('<nano-webcaster> statistics', () => {
  afterEach(() => sinon.restore());

  it('are null until something was measured, and when it is over', async () => {
    const { el, core } = await mountLive();
    expect(el.stats).to.equal(null);
    core.emitStats(RESULTS);
    expect(el.stats).to.deep.equal(RESULTS);
    await el.stop();
    expect(el.stats).to.equal(null);
  });

  it('that come after the end are not taken', async () => {
    const { el, core } = await mountLive();
    core.emitError('BroadcastError', GIVEN_UP);
    core.emitStats(RESULTS);
    expect(el.stats).to.equal(null);
  });

  it('are measured only while the controls are there', async () => {
    const { el, core } = await mountLive();
    expect(core.count('enableStats')).to.equal(0);
    el.controls = true;
    await settled(el);
    expect(core.last('enableStats')).to.equal(true);
    el.controls = false;
    await settled(el);
    expect(core.last('enableStats')).to.equal(false);
  });

  it('are null, and nothing is weak, after the controls went', async () => {
    const { el, core } = await mountLive('controls');
    core.emitStats({ ...RESULTS, qualityLimitationReason: 'bandwidth' }, 'bad');
    await settled(el);
    expect(el.matches(':state(weak)')).to.equal(true);
    el.controls = false;
    await settled(el);
    expect(el.stats).to.equal(null);
    expect(el.matches(':state(weak)')).to.equal(false);
  });

  it('are measured no more after the element went, and again when it is back', async () => {
    const { el, core } = await mountLive('controls');
    el.remove();
    await settled(el);
    expect(core.last('enableStats')).to.equal(false);
    place().append(el);
    await settled(el);
    expect(core.last('enableStats')).to.equal(true);
  });

  it('are kept where a framework moves the element after an await', async () => {
    const { el, core } = await mountLive('controls');
    core.emitStats(RESULTS, 'good');
    el.remove();
    el.requestUpdate();
    await el.updateComplete;
    place().append(el);
    await settled(el);
    expect(el.stats).to.deep.equal(RESULTS);
    expect(core.last('enableStats')).to.equal(true);
  });

  it('do without a core that measures', async () => {
    const { el, core } = await mount('controls');
    Object.assign(core, { enableStats: undefined, getDevices: undefined });
    button(el, 'Settings').click();
    el.controls = false;
    await settled(el);
    expect(el.stats).to.equal(null);
  });

  it('stand in the panel with their units, and a dash for what is unknown', async () => {
    const { el, core } = await mountLive('controls');
    await openStats(el);
    core.emitStats(RESULTS);
    await settled(el);
    const values = [...el.renderRoot.querySelectorAll('dd')].map((value) => textOf(value));
    expect(values).to.deep.equal(['2,400 kb/s', '96 kb/s', '–', '–', '1.3%', '40 ms', '–']);
  });

  for (const [tag, width, text] of [
    ['en', 320, 14],
    ['ar', 320, 14],
    ['ar', 360, 14],
    ['ar', 640, 14],
    ['en', 320, 28],
    ['ar', 320, 28],
    ['de', 640, 28],
  ] as const) {
    it(`are whole in ${tag}, ${width} pixels wide with a text of ${text}`, async () => {
      const style = `inline-size: ${width}px; --nano-webcaster-font: ${text}px / 1.45 system-ui, sans-serif`;
      const { el, core } = await mountLive(`controls lang="${tag}" style="${style}"`);
      part(el, 'facts')?.querySelector<HTMLElement>('[aria-controls=stats]')?.click();
      await settled(el);
      core.emitStats({ ...RESULTS, videoBitrate: 12_345, videoCodec: 'H264', frameWidth: 1920, frameHeight: 1080 });
      const isCut = (node: Element) =>
        node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
      const numbers = [...el.renderRoot.querySelectorAll('dd')];
      expect(numbers.filter(isCut).map((node) => node.textContent)).to.deep.equal([]);
      expect(textOf(...numbers)).to.include('1080');
    });
  }

  it('have a chart with a name that tells what it shows', async () => {
    const { el, core } = await mountLive('controls');
    await openStats(el);
    for (const videoBitrate of [1000, 3000, 2000]) core.emitStats({ videoBitrate });
    await settled(el);
    const chart = el.renderRoot.querySelector('[part=chart]');
    expect(chart?.getAttribute('aria-label')).to.equal(
      'Bitrate of the last minute: 2,000 kb/s now, between 1,000 kb/s and 3,000 kb/s',
    );
    expect(chart?.querySelector('polyline')?.getAttribute('points')?.split(' ')).to.have.length(3);
    expect(chart?.querySelector('polygon')?.getAttribute('points')?.split(' ')).to.have.length(5);
    expect(textOf(el.renderRoot.querySelector('.axis'))).to.equal('3,000 kb/s0');
  });

  it('have a chart of the last minute and no more', async () => {
    const { el, core } = await mountLive('controls');
    await openStats(el);
    for (let second = 0; second < 100; second++) core.emitStats({ videoBitrate: second });
    await settled(el);
    const points = el.renderRoot.querySelector('polyline')?.getAttribute('points');
    expect(points?.split(' ')).to.have.length(60);
    expect(points).to.not.include('NaN');
  });

  for (const [quality, words] of [
    ['good', 'Good connection'],
    ['medium', 'Weak connection'],
    ['bad', 'Very weak connection'],
  ] as const) {
    it(`show a ${quality} connection at a glance, and in words`, async () => {
      const { el, core } = await mountLive('controls');
      core.emitStats(RESULTS, quality);
      await settled(el);
      expect(part(el, 'quality')?.dataset.quality).to.equal(quality);
      expect(textOf(part(el, 'quality'))).to.equal(words);
    });
  }

  for (const [quality, qualityLimitationReason, words] of [
    ['good', 'cpu', 'Your device is busy: quality reduced. Close other apps.'],
    ['medium', 'cpu', 'Your device is busy: quality reduced. Close other apps.'],
    ['medium', 'bandwidth', 'Your network is slow: quality reduced. Pause other downloads.'],
    ['medium', undefined, 'Your network is unstable: viewers may see interruptions.'],
    ['medium', 'other', 'Your network is unstable: viewers may see interruptions.'],
    ['bad', 'bandwidth', 'Very weak connection: move closer to your router.'],
    ['bad', 'cpu', 'Very weak connection: move closer to your router.'],
  ] as const) {
    it(`say why viewers get less: ${quality} connection, limited by ${qualityLimitationReason}`, async () => {
      const { el, core } = await mountLive('controls');
      core.emitStats({ ...RESULTS, ...(qualityLimitationReason && { qualityLimitationReason }) }, quality);
      await settled(el);
      expect(part(el, 'notice')?.innerText.trim()).to.equal(words);
      expect(liveRegion(el, 'status').textContent).to.include(words);
    });
  }

  it('take the reason back when it is over', async () => {
    const { el, core } = await mountLive('controls');
    core.emitStats({ ...RESULTS, qualityLimitationReason: 'cpu' }, 'good');
    await settled(el);
    core.emitStats(RESULTS, 'good');
    await settled(el);
    expect(part(el, 'notice')?.checkVisibility()).to.equal(false);
    expect(liveRegion(el, 'status').textContent).to.not.include('busy');
  });

  it('show no quality while reconnecting: what was measured before says nothing any more', async () => {
    const { el, core } = await mountLive('controls');
    core.emitStats(RESULTS, 'bad');
    core.emitStatus('reconnecting_broadcast');
    await settled(el);
    expect(part(el, 'quality')).to.equal(null);
    expect(el.matches(':state(weak)')).to.equal(false);
  });

  it('show no values while reconnecting, and those of the last minute in the chart', async () => {
    const { el, core } = await mountLive('controls');
    await openStats(el);
    for (let second = 0; second < 3; second++) core.emitStats(RESULTS, 'good');
    const values = () => [...el.renderRoot.querySelectorAll('dd')].map(({ textContent }) => textContent);
    const chart = () => el.renderRoot.querySelector('.chart')?.getAttribute('aria-label');
    const before = chart();
    core.emitStatus('reconnecting_broadcast');
    await settled(el);
    expect(values().every((value) => value === '–')).to.equal(true);
    expect([el.stats, part(el, 'chart')?.checkVisibility()]).to.deep.equal([null, true]);
    expect(chart())
      .to.match(/: 0 \S+ now/)
      .and.not.equal(before);
    core.emitStatus('broadcasting');
    core.emitStats(RESULTS, 'good');
    expect([values().includes('1.3%'), chart()]).to.deep.equal([true, before]);
  });

  it('call no connection weak that has just been restored, until it is measured', async () => {
    const { el, core } = await mountLive('controls');
    core.emitStats(RESULTS, 'bad');
    for (const status of ['reconnecting_broadcast', 'connected', 'broadcasting'] as const) core.emitStatus(status);
    await settled(el);
    expect(part(el, 'quality')).to.equal(null);
    expect(part(el, 'notice')?.hidden).to.equal(true);
    expect(el.matches(':state(weak)')).to.equal(false);
    core.emitStats(RESULTS, 'bad');
    await settled(el);
    expect(el.matches(':state(weak)')).to.equal(true);
  });

  it('show no quality where none is known', async () => {
    const { el, core } = await mountLive('controls');
    core.emitStats(RESULTS);
    await settled(el);
    expect(part(el, 'quality')).to.equal(null);
  });

  describe('time', () => {
    let clock: SinonFakeTimers;

    beforeEach(() => {
      clock = sinon.useFakeTimers({
        toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
        now: Date.now(),
      });
    });

    const time = (el: NanoWebcaster) => textOf(part(el, 'time')).replace('Live for ', '');

    it('counts from the moment it is live, through reconnections, and again from the next start', async () => {
      const { el, core } = await mountLive('controls');
      expect(time(el)).to.equal('0:00');
      await clock.tickAsync(61_000);
      core.emitStatus('reconnecting_broadcast');
      await clock.tickAsync(3_000);
      core.emitStatus('broadcasting');
      clock.tick(3_600_000);
      await settled(el);
      expect(time(el)).to.equal('1:01:04');
      await el.stop();
      await settled(el);
      expect(part(el, 'time')?.checkVisibility()).to.equal(false);
      await el.start();
      await settled(el);
      expect(time(el)).to.equal('0:00');
    });

    it('does not jump with the time of day', async () => {
      const { el } = await mountLive('controls');
      clock.setSystemTime(Date.now() + 3_599_000);
      await clock.tickAsync(1_000);
      await settled(el);
      expect(time(el)).to.equal('0:01');
    });

    it('leaves no timer behind when it is over', async () => {
      const { el } = await mountLive('controls');
      await el.stop();
      // What the start has opened is closed a task later: the page may start again.
      await clock.tickAsync(0);
      await settled(el);
      expect(clock.countTimers()).to.equal(0);
    });

    it('is no state of being live before and after', async () => {
      const { el, core } = await mount('controls');
      core.emitStatus('connected');
      await settled(el);
      expect(el.matches(':state(live)')).to.equal(false);
      for (const status of ['broadcasting', 'reconnecting_broadcast', 'reconnecting'] as const) {
        core.emitStatus(status);
        await settled(el);
        expect(el.matches(':state(live)')).to.equal(true);
      }
      core.emitError('BroadcastError', GIVEN_UP);
      await settled(el);
      expect(el.matches(':state(live)')).to.equal(false);
    });
  });

  describe('diagnostics', () => {
    const SECRETS = 'server="https://user:pass@media.example/whip?key=hidden#part" token="s3cret"';

    it('are copied as JSON, without token or query', async () => {
      const copied = sinon.stub(navigator.clipboard, 'writeText').resolves();
      const { el, core } = await mount(`controls ${SECRETS}`);
      core.emitStatus('broadcasting');
      core.emitStats(RESULTS, 'good');
      const leak = 'POST https://media.example/whip?key=hidden with s3cret failed.';
      core.emitError('SetConfigError', new RtcUserError(1002, leak));
      await openStats(el);
      button(el, 'Copy details for support').click();
      await settled(el);
      const text = copied.firstCall.args[0];
      const diagnostics = JSON.parse(text) as Record<string, unknown>;
      expect(diagnostics).to.include({ status: 'broadcasting', quality: 'good', browser: navigator.userAgent });
      expect(diagnostics.stats).to.deep.equal(RESULTS);
      expect(diagnostics.settings).to.include({ server: 'https://media.example/whip', width: 1280 });
      expect(JSON.stringify(diagnostics.errors)).to.include('POST https://media.example/whip with');
      expect(text).to.not.match(/hidden|s3cret|pass|part/);
    });

    it('say that they were copied, on the button and aloud, until the panel is closed', async () => {
      sinon.stub(navigator.clipboard, 'writeText').resolves();
      const { el } = await mount('controls');
      await openStats(el);
      button(el, 'Copy details for support').click();
      await settled(el);
      expect(textOf(liveRegion(el, 'status'))).to.include('Copied');
      expect(button(el, 'Copied').checkVisibility()).to.equal(true);
      button(el, 'Close').click();
      await settled(el);
      expect(textOf(liveRegion(el, 'status'))).to.not.include('Copied');
    });

    it('can be copied by hand where the clipboard is out of reach', async () => {
      sinon.stub(navigator.clipboard, 'writeText').rejects(new DOMException('No', 'NotAllowedError'));
      const { el } = await mount('controls');
      await openStats(el);
      button(el, 'Copy details for support').click();
      await settled(el);
      const area = part<HTMLTextAreaElement>(el, 'diagnostics');
      expect(JSON.parse(area?.value ?? '')).to.include({ status: 'idle' });
      expect(el.shadowRoot?.activeElement).to.equal(area);
      expect(area?.selectionEnd).to.equal(area?.value.length);
    });

    it('have the version of the package', async () => {
      const copied = sinon.stub(navigator.clipboard, 'writeText').resolves();
      const { version } = (await (await fetch('/package.json')).json()) as { version: string };
      const { el } = await mount('controls');
      await openStats(el);
      button(el, 'Copy details for support').click();
      expect(JSON.parse(copied.firstCall.args[0])).to.include({ version });
    });
  });
});
