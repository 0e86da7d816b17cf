import { fixtureSync, waitUntil } from '@open-wc/testing';
import sinon from 'sinon';
import { RtcUserError, type NanoWebcaster, type Status } from '../../../src/index.js';
import '../../../src/controls.js';
import { STATUSES } from '../../../src/element/webcaster-core.js';
import { FakeCore } from './fake-core.js';

export { STATUSES };

/** The browser's own timer, also while a test replaces the clock. */
const { setTimeout: setRealTimeout } = window;

/** Waits, in milliseconds of the browser's own clock. */
function realTime(duration: number): Promise<void> {
  return new Promise((resolve) => setRealTimeout(resolve, duration));
}

/** What the tests use for a lost cause. */
export const GIVEN_UP = new RtcUserError(5002, 'The connection could not be brought back.');
export const SERVER = 'https://media.example/whip';

/** A place in the page that is taken away after the test. */
export function place(): HTMLElement {
  return fixtureSync<HTMLElement>('<div></div>');
}

/** An element from markup that is not in the page yet. */
export function create(attributes = '', content = ''): NanoWebcaster {
  const template = document.createElement('template');
  template.innerHTML = `<nano-webcaster ${attributes}>${content}</nano-webcaster>`;
  return document.importNode(template.content, true).firstElementChild as NanoWebcaster;
}

/** An element in the page, with a core that the test controls. */
export async function mount(attributes = '', content = ''): Promise<{ el: NanoWebcaster; core: FakeCore }> {
  const core = new FakeCore();
  const el = create(attributes, content);
  el.core = core.asCore;
  place().append(el);
  await el.updateComplete;
  // Their module is loaded by the first element that needs it.
  if (el.controls) await controlsLoaded(el);
  return { el, core };
}

/** Waits for the module of the controls, with a clock of the browser's own. */
export async function controlsLoaded(el: NanoWebcaster): Promise<void> {
  while (!part(el, 'bar')) await realTime(5);
}

/** The same as `mount`, live. */
export async function mountLive(attributes = '', content = ''): Promise<{ el: NanoWebcaster; core: FakeCore }> {
  const { el, core } = await mount(`server="${SERVER}" ${attributes}`, content);
  await el.start();
  await settled(el);
  core.forgetCalls();
  return { el, core };
}

/** Brings an idle element into a status, by the core's events alone. */
export async function show(el: NanoWebcaster, core: FakeCore, status: Status): Promise<void> {
  if (status === 'failed') core.emitError('BroadcastError', GIVEN_UP);
  else if (status === 'requesting') {
    core.hold('startPreview');
    void el.startPreview();
  } else if (status !== 'idle') core.emitStatus(status);
  await settled(el);
}

/** Waits for everything that is under way without time going by; an element that left the page is released a task later. */
export async function settled(el: NanoWebcaster): Promise<void> {
  if (!el.isConnected) await realTime(0);
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  await el.updateComplete;
}

/** Waits until the element shows a status. */
export function reaches(el: NanoWebcaster, status: Status): Promise<void> {
  return waitUntil(() => el.status === status, `status ${status}, not ${el.status}`, { timeout: 10_000 });
}

export function part<Found extends HTMLElement = HTMLElement>(el: NanoWebcaster, name: string): Found | null {
  return el.renderRoot.querySelector<Found>(`[part~="${name}"]`);
}

export function slots(el: NanoWebcaster): HTMLSlotElement[] {
  return [...el.renderRoot.querySelectorAll('slot')];
}

/** Whether a slot is rendered. In what is hidden as a whole, WebKit goes on to report the style of before. */
function isShown(slot: HTMLSlotElement): boolean {
  return !slot.closest('[hidden]') && getComputedStyle(slot).display !== 'none';
}

/** The names of the slots that are rendered. */
export function shownSlots(el: NanoWebcaster): string[] {
  return slots(el)
    .filter(isShown)
    .map(({ name }) => name);
}

/** The words that are to be seen: the page's own, else the element's. */
export function shownText(el: NanoWebcaster): string {
  const shown = slots(el).filter(isShown);
  return textOf(...shown.flatMap((slot) => slot.assignedNodes({ flatten: true })));
}

export function textOf(...nodes: (Node | null)[]): string {
  const words = nodes.map((node) => (node?.nodeType === Node.COMMENT_NODE ? '' : node?.textContent));
  return words.join(' ').replace(/\s+/g, ' ').trim();
}

/** What a screen reader says without being asked, politely or at once. */
export function liveRegion(el: NanoWebcaster, role: 'status' | 'alert'): HTMLElement {
  return el.renderRoot.querySelector<HTMLElement>(`[data-said="${role}"]`) as HTMLElement;
}

/** The custom states that are on. */
export function states(el: NanoWebcaster): Status[] {
  return STATUSES.filter((status) => el.matches(`:state(${status})`));
}

/** A button of the element by its words. */
export function button(el: NanoWebcaster, words: string): HTMLButtonElement {
  const found = [...el.renderRoot.querySelectorAll('button')].find((candidate) => textOf(candidate) === words);
  if (!found) throw new Error(`There is no button "${words}".`);
  return found;
}

/** The warnings of the element from now on; Lit's own are left out. */
export function recordWarnings(): string[] {
  const warnings: string[] = [];
  sinon.stub(console, 'warn').callsFake((message: unknown) => {
    if (String(message).startsWith('<nano-webcaster>')) warnings.push(String(message));
  });
  return warnings;
}

/** What becomes an unhandled rejection, or an uncaught error, while `task` and all that it sets off run. */
export async function unhandled(task: () => unknown): Promise<unknown[]> {
  const seen: unknown[] = [];
  const handle = (event: PromiseRejectionEvent | ErrorEvent) => {
    seen.push('reason' in event ? event.reason : event.error);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  // Mocha's own handler would fail the test.
  const { onerror } = window;
  window.onerror = null;
  addEventListener('unhandledrejection', handle, { capture: true });
  addEventListener('error', handle, { capture: true });
  try {
    await task();
    await realTime(0);
    await realTime(20);
  } finally {
    removeEventListener('unhandledrejection', handle, { capture: true });
    removeEventListener('error', handle, { capture: true });
    window.onerror = onerror;
  }
  return seen;
}

/** Whether a promise is settled by now. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let isDone = false;
  const done = () => (isDone = true);
  promise.then(done, done);
  await realTime(0);
  return isDone;
}

/** What a promise rejects with; fails where it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('This was to be rejected.');
    },
    (error: unknown) => error,
  );
}

/** Lets the browser say what it has been allowed; until `sinon.restore()`. */
export function stubPermissions(state: PermissionState): void {
  const status = Object.assign(new EventTarget(), { state });
  sinon.stub(navigator.permissions, 'query').resolves(status as unknown as PermissionStatus);
}
