import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_CONFIG, DEFAULT_RECONNECT, mergeConfig, type Config } from '../../../src/core/api/config.js';
import { RtcUserError } from '../../../src/core/api/errors.js';
import { runs } from '../support/runs.js';

const RUNS = { numRuns: runs(1_000, 10_000) };

const KEYS: Record<string, (value: number) => boolean> = {
  logLevel: (value) => Number.isInteger(value) && value >= 0 && value <= 4,
  'reconnect.minDelay': (value) => value >= 1 && value < Infinity,
  'reconnect.maxDelay': (value) => value >= 1 && value < Infinity,
  'reconnect.maxRetries': (value) => Number.isInteger(value) && value >= 0,
  'bitrates.videoSendInitialBitrate': (value) => value >= 0 && value <= 34000,
  'bitrates.videoSendBitrate': (value) => value >= 0 && value <= 34000,
  'bitrates.audioSendBitrate': (value) => value >= 0 && value <= 510,
};

function isValid({ logLevel, reconnect, bitrates, iceServers, metrics }: Config): boolean {
  const areServers = iceServers.every((server) => typeof server === 'object');
  const areMetrics = Object.entries(metrics).every(([key, value]) =>
    key === 'statsInterval' ? value >= 1 && value <= 10 : typeof value === 'string',
  );
  if (!areServers || !areMetrics) return false;
  const all = { logLevel, ...flat('bitrates', bitrates), ...(reconnect && flat('reconnect', reconnect)) };
  const areAllThere = Object.keys(all).length === (reconnect ? 7 : 4);
  const areAllValid = Object.entries(all).every(([key, value]) => typeof value === 'number' && KEYS[key]?.(value));
  return areAllThere && areAllValid && (!reconnect || reconnect.minDelay <= reconnect.maxDelay);
}

const flat = (section: string, values: object) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`${section}.${key}`, value as unknown]));

function outcomeOf(current: Config, patch: unknown): Config | RtcUserError {
  try {
    return mergeConfig(current, patch);
  } catch (error) {
    assert.ok(error instanceof RtcUserError, `only a RtcUserError is thrown, not ${String(error)}`);
    return error;
  }
}

const part = <T extends object>(values: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(values, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
const seconds = fc.double({ min: 1, max: 1000, noNaN: true });
const validReconnect = part({ minDelay: seconds, maxDelay: seconds, maxRetries: fc.nat(1000) }).filter(
  ({ minDelay = 1, maxDelay = 8 }) => minDelay <= maxDelay,
);
const validBitrates = part({
  videoSendInitialBitrate: fc.integer({ min: 0, max: 34000 }),
  videoSendBitrate: fc.integer({ min: 0, max: 34000 }),
  audioSendBitrate: fc.integer({ min: 0, max: 510 }),
});
const validPatch = part({
  logLevel: fc.integer({ min: 0, max: 4 }),
  reconnect: validReconnect,
  bitrates: validBitrates,
});

/** Values near what is allowed, and values far from it. */
const odd = fc.oneof(
  fc.integer({ min: -2, max: 40000 }),
  fc.double(),
  fc.anything(),
  fc.constantFrom(0, 1, 4, 5, 510, 511),
);
const oddSection = (...keys: string[]) =>
  fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...keys, '__proto__', 'other'), odd));
const oddPatch = fc.oneof(
  fc.anything(),
  part({
    logLevel: odd,
    reconnect: oddSection('minDelay', 'maxDelay', 'maxRetries'),
    bitrates: oddSection('videoSendInitialBitrate', 'videoSendBitrate', 'audioSendBitrate'),
    iceServers: fc.oneof(fc.anything(), fc.array(fc.anything())),
    metrics: oddSection('accountId', 'eventId', 'statsInterval', 'customField10', 'customField11'),
  }),
);

describe('the configuration', () => {
  it('is valid after any patch, or the patch is refused with an error that names the key', () => {
    fc.assert(
      fc.property(validPatch, oddPatch, (first, patch) => {
        const current = mergeConfig(DEFAULT_CONFIG, first);
        const before = structuredClone(current);
        const outcome = outcomeOf(current, patch);
        assert.deepEqual(current, before, 'the old configuration stays whole');
        if (!(outcome instanceof RtcUserError)) return assert.ok(isValid(outcome));
        assert.ok([1001, 1002, 1003].includes(outcome.code));
        const names = ['config', 'logLevel', 'reconnect', 'bitrates', 'iceServers', 'metrics'];
        assert.ok(
          names.some((name) => outcome.message.startsWith(name)),
          outcome.message,
        );
      }),
      RUNS,
    );
  });

  it('merges by section: what a patch leaves out keeps its value, at first the default', () => {
    fc.assert(
      fc.property(fc.array(validPatch, { maxLength: 4 }), (patches) => {
        let config: Config = DEFAULT_CONFIG;
        const expected: Record<string, unknown> = { logLevel: 0, ...flat('bitrates', DEFAULT_CONFIG.bitrates) };
        for (const patch of patches) {
          const { minDelay, maxDelay } = { ...(config.reconnect ?? DEFAULT_RECONNECT), ...patch.reconnect };
          const outcome = outcomeOf(config, patch);
          if (patch.reconnect && minDelay > maxDelay) {
            assert.ok(outcome instanceof RtcUserError && outcome.code === 1002);
            continue;
          }
          assert.ok(!(outcome instanceof RtcUserError));
          if (patch.logLevel !== undefined) expected.logLevel = patch.logLevel;
          if (patch.reconnect && !config.reconnect) Object.assign(expected, flat('reconnect', DEFAULT_RECONNECT));
          Object.assign(expected, flat('reconnect', patch.reconnect ?? {}), flat('bitrates', patch.bitrates ?? {}));
          config = outcome;
        }
        const { logLevel, reconnect, bitrates } = config;
        assert.deepEqual({ logLevel, ...flat('reconnect', reconnect ?? {}), ...flat('bitrates', bitrates) }, expected);
      }),
      RUNS,
    );
  });

  it('has reconnection off until a section is given, and a partial section takes the defaults', () => {
    assert.equal(DEFAULT_CONFIG.reconnect, null);
    assert.equal(mergeConfig(DEFAULT_CONFIG, { logLevel: 3 }).reconnect, null);
    assert.deepEqual(mergeConfig(DEFAULT_CONFIG, { reconnect: {} }).reconnect, {
      minDelay: 1,
      maxDelay: 8,
      maxRetries: 10,
    });
  });

  for (const [key, value, code] of [
    ['reconnect.minDelay', 0.99, 1002],
    ['reconnect.minDelay', '1', 1001],
    ['reconnect.minDelay', NaN, 1002],
    ['reconnect.maxDelay', 0, 1002],
    ['reconnect.maxDelay', Infinity, 1002],
    ['reconnect.maxRetries', -1, 1002],
    ['reconnect.maxRetries', 1.5, 1002],
    ['reconnect.maxRetries', true, 1001],
    ['reconnect.maxRetries', null, 1001],
    ['bitrates.videoSendBitrate', 34001, 1002],
    ['bitrates.videoSendInitialBitrate', -1, 1002],
    ['bitrates.audioSendBitrate', 511, 1002],
    ['bitrates.audioSendBitrate', [64], 1001],
  ] as const) {
    it(`answers ${code} naming the key where ${key} is ${String(JSON.stringify(value) === 'null' ? value : JSON.stringify(value))}`, () => {
      const [section = '', name = ''] = key.split('.');
      const error = outcomeOf(DEFAULT_CONFIG, { [section]: { [name]: value } });
      assert.ok(error instanceof RtcUserError);
      assert.equal(error.code, code);
      assert.ok(error.message.startsWith(key), error.message);
    });
  }

  it('refuses a shortest delay above the longest, also where they come in two calls', () => {
    const current = mergeConfig(DEFAULT_CONFIG, { reconnect: { maxDelay: 4 } });
    const error = outcomeOf(current, { reconnect: { minDelay: 5 } });
    assert.ok(error instanceof RtcUserError);
    assert.equal(error.code, 1002);
    assert.match(error.message, /reconnect\.minDelay.*reconnect\.maxDelay/);
  });

  it('takes what v5 pages send and WHIP has no use for', () => {
    const patch = { codecs: { videoCodec: 'H264' }, logLevel: 3 };
    assert.equal(mergeConfig(DEFAULT_CONFIG, patch).logLevel, 3);
  });

  it('keeps the metrics of a page, key by key', () => {
    const first = mergeConfig(DEFAULT_CONFIG, { metrics: { accountId: 'a', customField10: 'ten' } });
    const second = mergeConfig(first, { metrics: { statsInterval: 5, customField11: 'unknown' } });
    assert.deepEqual(second.metrics, { accountId: 'a', customField10: 'ten', statsInterval: 5 });
  });

  for (const [patch, code, key] of [
    [{ metrics: { accountId: 7 } }, 1001, /metrics\.accountId/],
    [{ metrics: { customField3: null } }, 1001, /metrics\.customField3/],
    [{ metrics: { statsInterval: 11 } }, 1002, /metrics\.statsInterval/],
    [{ iceServers: {} }, 1001, /iceServers/],
    [{ iceServers: [{ urls: 'stun:stun.example' }, 'stun:stun.example'] }, 1001, /iceServers\[1\]/],
  ] as const) {
    it(`refuses ${JSON.stringify(patch)} with ${code}`, () => {
      const error = outcomeOf(DEFAULT_CONFIG, patch);
      assert.ok(error instanceof RtcUserError);
      assert.equal(error.code, code);
      assert.match(error.message, key);
    });
  }
});
