import { html, type TemplateResult } from 'lit';
import { looksLikeDeviceId } from '../../core/api/preview-config.js';
import type { ControlsView } from './controls-parts.js';
import type { ControlsModel } from './model.js';

/** One entry of a list. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

export type DeviceSetting = 'videoDevice' | 'audioDevice';

/** A chosen device that is not there, or whose name is not known yet, stays in the list. People never see its id. */
export function deviceOptions({ model, words }: ControlsView, name: DeviceSetting): Option[] {
  const { audiodevices, videodevices } = model.devices;
  const devices = devicesOf(model, name);
  const listed = [
    { value: '', label: words.automatic },
    ...devices.filter(({ deviceId }) => deviceId).map(({ deviceId, id }) => ({ value: deviceId, label: id })),
    { value: 'none', label: words.none },
  ];
  const value = deviceValue(model, name);
  if (listed.some((option) => option.value === value)) return listed;
  const known = model.labels[value] ?? (looksLikeDeviceId(value) ? words[name] : value);
  // Without permission, devices are listed without their ids.
  const isGone = audiodevices.length + videodevices.length > 0 && devices.every(({ deviceId }) => deviceId);
  return [...listed, { value, label: isGone ? `${known} · ${words.notConnected}` : known }];
}

/** The id of the device that a setting names by id, label or index; browsers change ids. */
export function deviceValue(model: ControlsModel, name: DeviceSetting): string {
  const choice = model.settings[name];
  const devices = devicesOf(model, name);
  const device =
    devices.find(({ id, index, deviceId }) => [id, deviceId, String(index)].includes(choice)) ??
    devices.find(({ id }) => id === model.labels[choice]);
  return device?.deviceId || choice;
}

function devicesOf({ devices }: ControlsModel, name: DeviceSetting) {
  return name === 'videoDevice' ? devices.videodevices : devices.audiodevices;
}

export function options(listed: readonly Option[], chosen: string): TemplateResult[] {
  return listed.map(({ value, label }) => html`<option value=${value} .selected=${value === chosen}>${label}</option>`);
}
