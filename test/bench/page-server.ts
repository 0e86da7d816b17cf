import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { FIREFOX_PREFERENCES, findBrowser } from '../support/installed-browsers.mjs';
import { serveStatic } from '../support/static-files.js';
import { launch, type BrowserName } from '../support/browsers.js';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const ROOTS = [
  { path: '/', folder: folder('./') },
  /** The built bundle, or another build of it. */
  { path: '/cdn/', folder: process.env['CDN'] ?? folder('../../cdn/') },
];

/** Serves an empty page, this folder's scripts and the bundle. */
export class PageServer {
  readonly #server: Server = createServer((request, response) => {
    if (request.url === '/') return void response.setHeader('Content-Type', 'text/html').end('<!doctype html>');
    void serveStatic(ROOTS, request, response);
  });

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, 'localhost', resolve));
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** A page with the rig, in a window of its own: pages behind others are held up. `first` runs before its scripts. */
  async open(browser: Browser, first?: string): Promise<Page> {
    const page = await browser.newPage({ type: 'window' });
    if (first) await page.evaluateOnNewDocument(first);
    await page.goto(this.url);
    await page.addScriptTag({ type: 'module', url: '/rig.js' });
    await page.waitForFunction('globalThis.rig');
    return page;
  }
}

/** A browser whose pages may use the camera side by side. */
export function launchForMany(name: BrowserName): Promise<Browser> {
  const executablePath = findBrowser(name);
  if (name === 'chromium' || !executablePath) return launch(name);
  // Firefox would keep all pages but the one in front waiting for the camera.
  const extraPrefsFirefox = { ...FIREFOX_PREFERENCES, 'media.devices.unfocused.enabled': true };
  return puppeteer.launch({ browser: 'firefox', executablePath, extraPrefsFirefox });
}
