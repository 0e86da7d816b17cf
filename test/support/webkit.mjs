/** WebKit as Debian has it, for tests of what the element renders: it has no peer connections. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from './installed-browsers.mjs';

const CAPABILITIES = {
  browserName: 'MiniBrowser',
  pageLoadStrategy: 'none',
  'webkitgtk:browserOptions': {
    args: ['--automation', '--enable-media-stream=true', '--enable-mock-capture-devices=true'],
  },
};

/** Milliseconds for the driver to come up. */
const PATIENCE = 30_000;

/** A launcher for the test runner: one window, on a screen that nobody sees. */
export function webkitLauncher() {
  const processes = [];
  let session = '';
  let current;

  async function start() {
    const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    processes.push(screen);
    const [display] = await Promise.race([once(screen.stdio[3], 'data'), failure(screen)]);
    const port = 20_000 + (process.pid % 20_000);
    const driver = spawn(findProgram('WebKitWebDriver'), [`--port=${port}`], {
      stdio: 'ignore',
      env: { ...process.env, DISPLAY: `:${String(display).trim()}` },
    });
    processes.push(driver);
    const url = `http://127.0.0.1:${port}/session`;
    await untilUp(`http://127.0.0.1:${port}/status`);
    const { sessionId } = await ask('POST', url, { capabilities: { alwaysMatch: CAPABILITIES } });
    session = `${url}/${sessionId}`;
  }

  return {
    name: 'WebKit',
    type: 'webkit',
    concurrency: 1,
    async startSession(id, url) {
      if (!session) await start();
      current = id;
      await ask('POST', `${session}/url`, { url });
    },
    isActive: (id) => id === current,
    getBrowserUrl: () => ask('GET', `${session}/url`),
    async stopSession() {
      current = undefined;
      return {};
    },
    async startDebugSession() {
      throw new Error('WebKit has no debug session here.');
    },
    async stop() {
      if (session) await ask('DELETE', session).catch(() => undefined);
      for (const child of processes.reverse()) child.kill();
    },
  };
}

/** One command of WebDriver (W3C); its value. */
async function ask(method, url, body) {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebKit: ${value?.message ?? response.status}`);
  return value;
}

async function untilUp(url) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    if (Date.now() > end) throw new Error('WebKitWebDriver does not come up.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function failure(child) {
  const [reason] = await Promise.race([once(child, 'exit'), once(child, 'error')]);
  throw new Error(`${child.spawnfile} ended: ${reason}`);
}
