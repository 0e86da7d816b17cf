import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeUserAgent } from '../../../src/core/platform/user-agent.js';

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0';

describe('what a browser says of itself', () => {
  for (const [userAgent, isMobile, browser, browserVersion, os] of [
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36`, false, 'Chrome', '126.0.0.0', 'Windows'],
    [`Mozilla/5.0 (Windows NT 10.0) ${CHROME} Safari/537.36 Edg/126.0.1`, false, 'Edge', '126.0.1', 'Windows'],
    [`Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Mobile Safari/537.36`, true, 'Chrome', '126.0.0.0', 'Android'],
    [`Mozilla/5.0 (X11; CrOS x86_64) ${CHROME} Safari/537.36 OPR/112.0`, false, 'Opera', '112.0', 'ChromeOS'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', false, 'Firefox', '128.0', 'Linux'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
      false,
      'Safari',
      '17.5',
      'macOS',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      true,
      'Safari',
      '17.5',
      'iOS',
    ],
    ['', false, undefined, undefined, undefined],
    ['curl/8.0', false, undefined, undefined, undefined],
  ] as const) {
    it(`is ${browser} ${browserVersion} on ${os} for "${userAgent.slice(-40)}"`, () => {
      assert.deepEqual(describeUserAgent(userAgent), { isMobile, browser, browserVersion, os });
    });
  }
});
