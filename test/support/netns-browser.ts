/** A browser and the pages' own web server, as a process on the client's side; it does what its parent asks for. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { serveStatic } from './static-files.js';
import puppeteer from 'puppeteer-core';
import { CHROMIUM_FLAGS, FIREFOX_PREFERENCES, findBrowser } from './installed-browsers.mjs';
import type { BrowserName } from './browsers.js';
import { FAULT_PAGE } from './fault-page.js';
import { NETNS_WITNESS } from './netns-witness.js';
import { errorsOf } from './page.js';

/** The page of the fault tests, or that of the benchmarks. */
export type NetnsPage = 'studio' | 'bench';

export type BrowserOrder = { id: number } & (
  { do: 'open'; page: NetnsPage } | { do: 'evaluate'; expression: string } | { do: 'errors' } | { do: 'close' }
);

export type BrowserMessage = { kind: 'ready' } | { kind: 'done'; id: number; value?: unknown; error?: string };

const name = process.env['NETNS_BROWSER'] as BrowserName;
/** Another folder where `cdn/` is being built at the time. */
const bundle = resolve(process.env['NETNS_BUNDLE'] ?? 'cdn');

const tell = (message: BrowserMessage) => void process.send?.(message, undefined, {}, () => undefined);

const roots = [
  { path: '/cdn/', folder: bundle },
  { path: '/', folder: resolve('test/bench') },
];
const PAGES: Record<string, string> = {
  '/studio': FAULT_PAGE.replace('<script', `${NETNS_WITNESS}<script`),
  '/bench': `<!doctype html><link rel="icon" href="data:,">${NETNS_WITNESS}<script type="module" src="/rig.js"></script>`,
};
/** What a page has when it is ready. */
const READY: Record<NetnsPage, string> = { studio: '"studio" in window', bench: '"rig" in window' };

const pages = createServer((req, res) => {
  const page = PAGES[req.url ?? ''];
  if (page) return void res.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
  void serveStatic(roots, req, res).catch(() => res.destroy());
});

function launch(): Promise<Browser> {
  const executablePath = findBrowser(name);
  if (!executablePath) throw new Error(`${name} is not installed.`);
  const settings = { executablePath, acceptInsecureCerts: true };
  if (name === 'firefox') {
    return puppeteer.launch({ ...settings, browser: 'firefox', extraPrefsFirefox: FIREFOX_PREFERENCES });
  }
  // The server is at a private address, and the page on localhost.
  const local = ['--ignore-certificate-errors', '--disable-features=LocalNetworkAccessChecks'];
  return puppeteer.launch({ ...settings, args: [...CHROMIUM_FLAGS, ...local] });
}

await new Promise<void>((listening) => void pages.listen(0, '127.0.0.1', listening));
const url = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/`;
const browser = await launch();
let context: BrowserContext | undefined;
let page: Page | undefined;
let errors: string[] = [];

/** A page with sockets, caches and cookies of its own. */
async function open(name: NetnsPage): Promise<void> {
  context = await browser.createBrowserContext();
  page = await context.newPage();
  errors = errorsOf(page);
  await page.goto(url + name);
  await page.waitForFunction(READY[name]);
}

async function obey(order: BrowserOrder): Promise<unknown> {
  if (order.do === 'open') return open(order.page);
  if (order.do === 'evaluate') return page?.evaluate(order.expression);
  if (order.do === 'errors') return errors;
  return context?.close();
}

process.on('message', (order: BrowserOrder) => {
  const { id } = order;
  obey(order).then(
    (value) => tell({ kind: 'done', id, value }),
    (error: unknown) => tell({ kind: 'done', id, error: String(error) }),
  );
});
process.once('disconnect', () => void browser.close().finally(() => process.exit(0)));
tell({ kind: 'ready' });
