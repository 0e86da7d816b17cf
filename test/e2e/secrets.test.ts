import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { CORS_HEADERS } from '../support/http-replies.js';
import { ERROR_EVENTS, SUCCESS_EVENTS } from '../../src/core/api/events.js';
import type {} from '../../src/index.js';
import { launch } from '../support/browsers.js';
import { goLive, noteStatuses, press, statusOf, until } from '../support/page.js';
import { hostedBrowser } from '../support/hosted-browser.js';
import { PageHost, webcasterPage } from '../support/page-host.js';
import { selectedBrowsers } from '../support/tier.js';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.c2VjcmV0LW9mLXRoZS1icm9hZGNhc3Rlcg.q3R5dWlvcGFzZGZnaGprbA';
const EVENTS = [...SUCCESS_EVENTS, ...ERROR_EVENTS].map((name) => name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase());

const SETTINGS = 'log-level="4" reconnect-max-retries="1"';

/**
 * A script that keeps whatever the page could send away: every event and every line of the console, down to the causes
 * of errors.
 */
const KEEP = `
window.kept = [];
window.write = (value) => JSON.stringify(value, (_, part) => part instanceof Error
  ? { ...part, name: part.name, message: part.message, stack: part.stack, cause: part.cause }
  : part) ?? String(value);
const keep = (name, value) => kept.push(name + ' ' + write(value));
for (const level of ['error', 'warn', 'info', 'debug', 'log']) console[level] = (...parts) => keep(level, parts);
for (const name of ${JSON.stringify(EVENTS)}) document.addEventListener(name, ({ detail }) => keep(name, detail));
addEventListener('unhandledrejection', ({ reason }) => keep('unhandled', reason));
addEventListener('error', ({ message }) => keep('uncaught', message));
`;

const PROVIDER = `document.querySelector('nano-webcaster').tokenProvider = () => '${TOKEN}';`;

const script = (path: string) => `<script type="module" src="${path}"></script>`;

/** What was kept, with the page as it is now and what the element says of itself. */
function readAll(page: Page): Promise<string[]> {
  return page.$eval('nano-webcaster', (element) => {
    const { kept, write } = window as unknown as { kept: string[]; write: (value: unknown) => string };
    const { report, error, devices, status, shadowRoot } = element;
    const html = document.documentElement.getHTML({ shadowRoots: shadowRoot ? [shadowRoot] : [] });
    const own = write([report, error, devices, status]);
    return [...kept, own, html];
  });
}

/** A server that says all it knows in its error. */
function refuse(req: IncomingMessage, res: ServerResponse): boolean {
  if (req.method !== 'POST') return false;
  const { authorization } = req.headers;
  const detail = `Not for ${authorization}, token ${authorization?.slice(7)}, at /session/x?key=${TOKEN}`;
  res.writeHead(503, { ...CORS_HEADERS, 'Content-Type': 'application/problem+json' });
  res.end(JSON.stringify({ detail }));
  return true;
}

for (const name of selectedBrowsers(false)) {
  describe(`Secrets in ${name}`, () => {
    const host = new PageHost({
      '/attribute': { body: webcasterPage(`token="${TOKEN}" ${SETTINGS}`, script('/keep.js')) },
      '/provider': { body: webcasterPage(SETTINGS, script('/keep.js') + script('/provider.js')) },
      '/keep.js': { type: 'text/javascript', body: KEEP },
      '/provider.js': { type: 'text/javascript', body: PROVIDER },
    });
    const newPage = hostedBrowser(host, () => launch(name));
    let page: Page;

    /** A start that is refused, one that succeeds, a loss that is healed, and one that is not. */
    async function liveThroughAll(path: string): Promise<string[]> {
      page = await newPage();
      const statuses = await noteStatuses(page);
      await page.goto(host.origin + path);
      const untilFailed = () => until('it has failed', async () => (await statusOf(page)) === 'failed');
      host.intercept = refuse;
      await press(page, 'nano-webcaster >>> [part~="start-button"]');
      await untilFailed();
      const failed = await readAll(page);
      host.intercept = () => false;
      await goLive(page);
      await host.endSessions();
      await until('it is lost', async () => (await statuses()).includes('reconnecting_broadcast'));
      await until('it is back', async () => (await statuses()).at(-1) === 'broadcasting');
      const recovered = await readAll(page);
      host.intercept = refuse;
      await host.endSessions();
      await untilFailed();
      return [...failed, ...recovered, ...(await readAll(page))];
    }

    function assertComplete(kept: string[]): void {
      const all = kept.join('\n');
      for (const what of ['start-broadcast-error', 'start-broadcast-success', 'broadcast-error', 'debug ', 'info ']) {
        assert.ok(all.includes(what), `${what} is among what was kept`);
      }
      assert.match(all, /Not for/);
      assert.doesNotMatch(all, /^(unhandled|uncaught)/m);
    }

    function assertNoSessionUrl(kept: string[]): void {
      assert.ok(host.sessionPaths.size >= 2, `${host.sessionPaths.size} sessions`);
      for (const path of host.sessionPaths) {
        const secret = path.split('/').at(-1) ?? '';
        assert.ok(secret.length > 10);
        assert.deepEqual(
          kept.filter((text) => text.includes(secret)),
          [],
        );
      }
    }

    it('of a page’s own attribute are nowhere else, from a refused start to a broadcast that is given up', async () => {
      const kept = await liveThroughAll('/attribute');
      assertComplete(kept);
      assertNoSessionUrl(kept);
      const withoutAttribute = kept.map((text) => text.replace(`token="${TOKEN}"`, ''));
      assert.notDeepEqual(withoutAttribute, kept);
      assert.deepEqual(
        withoutAttribute.filter((text) => text.includes(TOKEN)),
        [],
      );
    });

    it('of a token provider are nowhere at all', async () => {
      const kept = await liveThroughAll('/provider');
      assertComplete(kept);
      assertNoSessionUrl(kept);
      assert.deepEqual(
        kept.filter((text) => text.includes(TOKEN)),
        [],
      );
    });
  });
}
