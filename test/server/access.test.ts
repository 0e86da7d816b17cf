import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decideAccess, type AccessSettings, type Sender } from '../../demo/server/access.js';

const OWN: Sender = {
  host: 'localhost:8080',
  origin: undefined,
  fetchSite: undefined,
  isEncrypted: false,
  method: 'GET',
};
const STUDIO = 'https://studio.example';

const isAllowed = (sender: Partial<Sender>, settings?: AccessSettings) =>
  decideAccess({ ...OWN, ...sender }, settings).isAllowed;

test('access is allowed under names that nobody else can point at this machine', () => {
  for (const host of [
    'localhost',
    'localhost:8080',
    'localhost:9999',
    'LOCALHOST:8080',
    'localhost.',
    'localhost.:8080',
    'demo.localhost:8080',
    '127.0.0.1:8080',
    '127.8.9.1',
    '192.168.1.20:8080',
    '[::1]',
    '[::1]:8080',
    '[FE80::1]:8080',
    '0x7f.1:8080',
    '0x',
    '2130706433',
  ]) {
    assert.ok(isAllowed({ host }), host);
  }
});

test('E3: access is refused under every other name, and without a usable one', () => {
  for (const host of [
    undefined,
    '',
    'rebind.test:8080',
    'REBIND.test',
    'localhost.rebind.test',
    'localhost@rebind.test',
    'rebind.test@localhost',
    'localhost,rebind.test',
    'localhost:8080,rebind.test',
    'notlocalhost',
    'localhost..',
    '127.0.0.1.rebind.test',
    '127.0.0.1.nip.io:8080',
    '[::1].rebind.test',
    '[::1',
    '::1',
    'localhost:port',
    'localhost:80:80',
    'localhost:999999',
    'localhost/',
    'localhost?',
    'http://localhost',
    ' localhost',
    'xn--lcalhost-b3a.test',
  ]) {
    assert.ok(!isAllowed({ host }), String(host));
  }
});

test('access is allowed under a listed name, in any spelling and with any port', () => {
  const hosts = ['Demo.Example'];
  for (const host of ['demo.example', 'DEMO.example:8080', 'demo.example.:1'])
    assert.ok(isAllowed({ host }, { hosts }), host);
  for (const host of ['sub.demo.example', 'demo.example.test', 'xdemo.example'])
    assert.ok(!isAllowed({ host }, { hosts }), host);
  assert.ok(isAllowed({ host: 'any.test' }, { hosts: ['*'] }));
  assert.ok(!isAllowed({ host: undefined }, { hosts: ['*'] }));
});

test('access is allowed to the origin of the host itself, and to programs, which send none', () => {
  for (const [host, origin] of [
    ['localhost:8080', undefined],
    ['localhost:8080', 'http://localhost:8080'],
    ['LOCALHOST:8080', 'http://localhost:8080'],
    ['localhost', 'http://localhost'],
    ['localhost:80', 'http://localhost'],
    ['[::1]:8080', 'http://[::1]:8080'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['localhost.:8080', 'http://localhost.:8080'],
  ] as const) {
    assert.ok(isAllowed({ host, origin }), `${host} ${origin}`);
  }
  assert.ok(isAllowed({ origin: 'https://localhost:8080', isEncrypted: true }));
  assert.ok(isAllowed({ host: 'localhost:443', origin: 'https://localhost', isEncrypted: true }));
});

test('E1: access is refused to every other origin', () => {
  for (const origin of [
    'https://website.example',
    'http://localhost:3000',
    'http://localhost',
    'https://localhost:8080',
    'http://127.0.0.1:8080',
    'http://[::1]:8080',
    'http://localhost.:8080',
    'http://sub.localhost:8080',
    'http://localhost:8080.website.example',
    'http://localhost:8080@website.example',
    'null',
    '',
    'file://',
    'file:///home/index.html',
    'chrome-extension://abcdefgh',
    'localhost:8080',
    'http://',
    'undefined',
  ]) {
    assert.ok(!isAllowed({ origin }), origin);
  }
  assert.ok(
    !isAllowed({ host: 'rebind.test:8080', origin: 'http://rebind.test:8080' }),
    'its own name does not help it',
  );
});

test('access is refused to requests of other sites that carry no Origin', () => {
  assert.ok(!isAllowed({ fetchSite: 'cross-site' }));
  assert.ok(!isAllowed({ fetchSite: 'same-site' }));
  for (const fetchSite of ['same-origin', 'none', undefined]) assert.ok(isAllowed({ fetchSite }), fetchSite);
});

test('access is allowed to the probe of a page, a HEAD without Origin, under a known name only', () => {
  for (const fetchSite of ['cross-site', 'same-site', undefined]) assert.ok(isAllowed({ fetchSite, method: 'HEAD' }));
  for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'head', undefined]) {
    assert.ok(!isAllowed({ fetchSite: 'cross-site', method }), method);
  }
  assert.ok(!isAllowed({ origin: STUDIO, fetchSite: 'cross-site', method: 'HEAD' }));
  assert.ok(!isAllowed({ host: 'rebind.test', method: 'HEAD' }));
});

test('access is allowed to a listed origin, which is named, and to no similar one', () => {
  const origins = [STUDIO];
  assert.deepEqual(decideAccess({ ...OWN, origin: STUDIO, fetchSite: 'cross-site' }, { origins }), {
    isAllowed: true,
    origin: STUDIO,
  });
  for (const origin of [
    'http://studio.example',
    `${STUDIO}:8443`,
    'https://x.studio.example',
    `${STUDIO}.test`,
    'null',
  ]) {
    assert.ok(!isAllowed({ origin }, { origins }), origin);
  }
  assert.ok(!isAllowed({ host: 'rebind.test', origin: STUDIO }, { origins }), 'the host counts too');
});

test('access is allowed to all origins with a star, and to null where null is listed', () => {
  for (const origin of ['null', STUDIO]) assert.ok(isAllowed({ origin }, { origins: ['*'] }), origin);
  assert.ok(isAllowed({ origin: 'null' }, { origins: ['null'] }));
  assert.ok(!isAllowed({ origin: '' }, { origins: [] }));
});

test('a refusal names the setting that allows it, and never repeats what is no origin', () => {
  const refusal = (sender: Partial<Sender>) => {
    const access = decideAccess({ ...OWN, ...sender });
    return access.isAllowed ? '' : access.reason;
  };
  assert.match(refusal({ origin: STUDIO }), /ORIGINS=https:\/\/studio\.example npm start/);
  assert.match(refusal({ origin: '<script>' }), /ORIGINS=<origin> npm start/);
  assert.match(refusal({ host: 'rebind.test' }), /HOSTS=<name> npm start/);
});

test('no header at all makes the decision throw, and none lets another name in', () => {
  fc.assert(
    fc.property(fc.string(), fc.option(fc.oneof(fc.string(), fc.webUrl()), { nil: undefined }), (host, origin) => {
      const access = decideAccess({ ...OWN, host, origin });
      // A last label of hexadecimal digits makes the host an IPv4 address, here 0.0.0.0 or none.
      const isNumber = /(^|\.)0x[\da-f]*\.?(:|$)/i.test(host);
      if (!isNumber && !/localhost\.?(:|$)/i.test(host) && /[g-z_-]/i.test(host)) assert.ok(!access.isAllowed, host);
    }),
    { numRuns: 2000 },
  );
});
