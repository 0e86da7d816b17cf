import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RtcUserError } from '../../../src/core/api/errors.js';
import { findDevice, isSameList, toDeviceList } from '../../../src/core/media/devices.js';
import { device } from '../support/fake-media.js';
import { runs } from '../support/runs.js';

const RUNS = { numRuns: runs(1_000, 10_000) };

const KINDS = ['audioinput', 'videoinput', 'audiooutput'] as const;
const devices = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...KINDS), fc.string({ maxLength: 4 }), fc.uuid()), {
    selector: ([, , id]) => id,
  })
  .map((all) => all.map(([kind, label, id]) => device(kind, label, id)));

describe('the list of devices', () => {
  it('has the inputs by kind in the order of the browser, numbered from 0, each with something to show', () => {
    fc.assert(
      fc.property(devices, (all) => {
        const { audiodevices, videodevices } = toDeviceList(all);
        for (const [list, kind, name] of [
          [audiodevices, 'audioinput', 'audiodevice'],
          [videodevices, 'videoinput', 'videodevice'],
        ] as const) {
          const expected = all.filter((info) => info.kind === kind);
          assert.deepEqual(
            list,
            expected.map(({ label, deviceId }, index) => ({ id: label || `${name} ID: ${deviceId}`, index, deviceId })),
          );
        }
      }),
      RUNS,
    );
  });

  it('is the same as another one where devices and order are', () => {
    fc.assert(
      fc.property(devices, devices, (one, other) => {
        assert.ok(isSameList(toDeviceList(one), toDeviceList([...one])));
        const inputs = (all: MediaDeviceInfo[]) => all.filter(({ kind }) => kind !== 'audiooutput').length;
        if (inputs(one) !== inputs(other)) assert.ok(!isSameList(toDeviceList(one), toDeviceList(other)));
      }),
      RUNS,
    );
  });
});

describe('the choice of a device', () => {
  const { videodevices } = toDeviceList([device('videoinput', 'Front', 'f'), device('videoinput', 'Back', 'b')]);

  it('may be an index, an index as a select has it, an id or a label', () => {
    for (const choice of [1, '1', 'b', 'Back']) assert.equal(findDevice(videodevices, choice)?.deviceId, 'b');
  });

  it('prefers a label or an id that looks like an index', () => {
    const list = toDeviceList([device('videoinput', '1', 'a'), device('videoinput', 'Back', 'b')]).videodevices;
    assert.equal(findDevice(list, '1')?.deviceId, 'a');
  });

  it('is the chosen device or error 6004, never another device', () => {
    const choice = fc.oneof(fc.nat(5), fc.double(), fc.integer(), fc.string(), fc.nat(5).map(String), fc.uuid());
    fc.assert(
      fc.property(devices, choice, (all, chosen) => {
        const list = toDeviceList(all).videodevices;
        try {
          const found = findDevice(list, chosen);
          assert.ok(found, 'nothing that a browser could have forgotten is chosen');
          assert.ok(
            [found.id, found.deviceId, found.index, String(found.index)].includes(chosen) || /^0+\d/.test(`${chosen}`),
          );
        } catch (error) {
          assert.ok(error instanceof RtcUserError);
          assert.equal(error.code, 6004);
          assert.ok(list.every(({ id, deviceId, index }) => ![id, deviceId, index, String(index)].includes(chosen)));
        }
      }),
      RUNS,
    );
  });

  it('C8: of an id that is not in the list is the device with the stored label, else any', () => {
    const unknown = 'f0'.repeat(32);
    assert.equal(findDevice(videodevices, unknown, 'Back')?.deviceId, 'b');
    assert.equal(findDevice(videodevices, unknown, 'Side'), undefined);
    assert.equal(findDevice(videodevices, unknown), undefined);
    assert.equal(findDevice(videodevices, 'f', 'Back')?.deviceId, 'f', 'a known id wins');
    assert.throws(() => findDevice([], unknown, 'Back'), { code: 6004 });
  });
});
