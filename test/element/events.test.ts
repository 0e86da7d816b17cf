import { expect, oneEvent } from '@open-wc/testing';
import sinon from 'sinon';
import { ERROR_EVENTS, SUCCESS_EVENTS } from '../../src/core/api/events.js';
import * as api from '../../src/index.js';
import type { EventName, RtcUserEvent } from '../../src/index.js';
import { FakeCore } from './support/fake-core.js';
import { create, GIVEN_UP, mount, mountLive, place, rejection, SERVER, settled, unhandled } from './support/mount.js';

const DOM_NAMES = {
  SignInSuccess: 'sign-in-success',
  SignInError: 'sign-in-error',
  SignOutSuccess: 'sign-out-success',
  SignOutError: 'sign-out-error',
  SetConfigError: 'set-config-error',
  ReceivedDeviceList: 'received-device-list',
  GetDevicesError: 'get-devices-error',
  StartPreviewSuccess: 'start-preview-success',
  StartPreviewError: 'start-preview-error',
  StopPreviewSuccess: 'stop-preview-success',
  StopPreviewError: 'stop-preview-error',
  MuteDeviceError: 'mute-device-error',
  CaptureStatus: 'capture-status',
  StartBroadcastSuccess: 'start-broadcast-success',
  StartBroadcastError: 'start-broadcast-error',
  BroadcastStatus: 'broadcast-status',
  BroadcastError: 'broadcast-error',
  StopBroadcastSuccess: 'stop-broadcast-success',
  StopBroadcastError: 'stop-broadcast-error',
  ReceivedServerStats: 'received-server-stats',
  ReceivedWebRTCStats: 'received-webrtc-stats',
  GetSelectedDeviceError: 'get-selected-device-error',
  Error: 'webcaster-error',
} as const satisfies Record<EventName, string>;

const EVENTS = Object.keys(DOM_NAMES) as EventName[];

function emit(core: FakeCore, name: EventName): RtcUserEvent {
  if (ERROR_EVENTS.some((error) => error === name)) return core.emitError(name as 'BroadcastError', GIVEN_UP);
  const data = {
    results: {},
    kind: 'audioinput',
    state: 'silent',
    device: '',
    devices: { audiodevices: [], videodevices: [] },
    stream: new MediaStream(),
    message: 'broadcasting',
  };
  return core.emit(name, data as never);
}

/** The names of what comes out of an element, in order. */
function record(target: EventTarget): string[] {
  const heard: string[] = [];
  for (const name of Object.values(DOM_NAMES)) target.addEventListener(name, () => heard.push(name));
  return heard;
}

describe('<nano-webcaster> events', () => {
  it('are tested here for every event of the core', () => {
    expect(EVENTS).to.have.members([...ERROR_EVENTS, ...SUCCESS_EVENTS]);
  });

  for (const name of EVENTS) {
    const domName = DOM_NAMES[name];

    it(`are ${domName} for the core's ${name}, of its class, with its event as detail`, async () => {
      const { el, core } = await mount();
      const heard = oneEvent(el, domName) as Promise<CustomEvent>;
      const event = emit(core, name);
      const domEvent = await heard;
      const ofClass = name === 'Error' ? api.WebcasterErrorEvent : api[`${name}Event`];
      expect(domEvent).to.be.instanceOf(ofClass).and.instanceOf(CustomEvent);
      expect(domEvent.detail).to.equal(event);
      expect(domEvent.target).to.equal(el);
    });

    it(`let ${domName} bubble, out of shadow trees too, without being cancelable`, async () => {
      const { el, core } = await mount();
      const host = place();
      host.attachShadow({ mode: 'open' }).append(el);
      await settled(el);
      const heard = oneEvent(document, domName) as Promise<CustomEvent>;
      emit(core, name);
      const { bubbles, composed, cancelable } = await heard;
      expect({ bubbles, composed, cancelable }).to.deep.equal({ bubbles: true, composed: true, cancelable: false });
    });
  }

  it('come once for each of the core’s', async () => {
    const { el, core } = await mount();
    const heard = record(el);
    for (const name of EVENTS) emit(core, name);
    expect(heard).to.deep.equal(EVENTS.map((name) => DOM_NAMES[name]));
  });

  it('come once after the element was moved', async () => {
    const { el, core } = await mount();
    place().append(el);
    await settled(el);
    const heard = record(el);
    core.emitStatus('broadcasting');
    expect(heard).to.deep.equal(['broadcast-status']);
  });

  it('come once after the element was taken out and put in again', async () => {
    const { el, core } = await mount();
    el.remove();
    await settled(el);
    place().append(el);
    await settled(el);
    const heard = record(el);
    core.emitStatus('broadcasting');
    expect(heard).to.deep.equal(['broadcast-status']);
  });

  it('come once after the element was put in again while it was still being stopped', async () => {
    const { el, core } = await mountLive();
    const held = core.hold('stopBroadcast');
    el.remove();
    await settled(el);
    place().append(el);
    held.resolve();
    await settled(el);
    const heard = record(el);
    core.emitStatus('broadcasting');
    expect(heard).to.deep.equal(['broadcast-status']);
  });

  it('come no more once the element is out of the page', async () => {
    const { el, core } = await mount();
    const heard = record(el);
    el.remove();
    await settled(el);
    emit(core, 'BroadcastStatus');
    expect(heard).to.deep.equal([]);
    expect(core.handlerCount).to.equal(0);
  });

  it('tell of the stop that a removal has caused', async () => {
    const { el } = await mountLive();
    const heard = record(el);
    el.remove();
    await settled(el);
    expect(heard).to.include.members(['stop-broadcast-success', 'stop-preview-success']);
  });

  it('come when the element has the new status already', async () => {
    const { el, core } = await mount();
    let seen = '';
    el.addEventListener('broadcast-status', () => (seen = el.status));
    core.emitStatus('reconnecting_broadcast');
    expect(seen).to.equal('reconnecting_broadcast');
  });

  it('of a failure come when the element has the error already', async () => {
    const { el, core } = await mount();
    let seen: unknown;
    el.addEventListener('broadcast-error', () => (seen = el.error));
    core.emitError('BroadcastError', GIVEN_UP);
    expect(seen).to.equal(GIVEN_UP);
  });

  it('of a start come in order: preview and sign-in, statuses, success', async () => {
    const { el } = await mount(`server="${SERVER}"`);
    const heard = record(el);
    const statuses: string[] = [];
    el.addEventListener('broadcast-status', ({ detail }) => statuses.push(detail.data.message));
    await el.start();
    await settled(el);
    expect(heard.slice(0, 2)).to.have.members(['sign-in-success', 'start-preview-success']);
    expect(heard.slice(2)).to.deep.equal([
      'broadcast-status',
      'broadcast-status',
      'start-broadcast-success',
      'broadcast-status',
    ]);
    expect(statuses).to.deep.equal(['signalling', 'connected', 'broadcasting']);
  });

  it('of a start that fails are one error and no success', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    core.fail('startBroadcast', new api.RtcUserError(101001, 'The server failed.'));
    const heard = record(el);
    await rejection(el.start());
    await settled(el);
    expect(heard.filter((name) => name.endsWith('error'))).to.deep.equal(['start-broadcast-error']);
    expect(heard).to.not.include('start-broadcast-success');
  });

  it('of two elements do not mix', async () => {
    const { core } = await mount();
    const { el: other } = await mount();
    const heard = record(other);
    core.emitStatus('broadcasting');
    expect(heard).to.deep.equal([]);
    expect(other.status).to.equal('idle');
  });

  it('leave the engine unharmed where a listener throws', async () => {
    const { el, core } = await mount();
    const thrown = new Error('a page’s mistake');
    el.addEventListener('broadcast-status', () => {
      throw thrown;
    });
    const reported = await unhandled(() => core.emitStatus('broadcasting'));
    expect(reported).to.deep.equal([thrown]);
    expect(el.getAttribute('status')).to.equal('broadcasting');
  });

  it('are heard by listeners added right after the call that causes them', async () => {
    const { el } = await mount(`server="${SERVER}"`);
    const started = el.start();
    const heard = record(el);
    await started;
    await settled(el);
    expect(heard).to.include.members(['sign-in-success', 'start-preview-success', 'start-broadcast-success']);
  });

  it('come from an element whose core was set before it was in the page', async () => {
    const el = create();
    const core = new FakeCore();
    el.core = core.asCore;
    const heard = sinon.spy();
    el.addEventListener('broadcast-status', heard);
    place().append(el);
    core.emitStatus('connected');
    expect(heard.callCount).to.equal(1);
  });
});
