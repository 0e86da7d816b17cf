import { html, type TemplateResult } from 'lit';
import type { ListedDevice } from '../../core/api/events.js';
import type { Strings } from '../strings.js';

/** One entry of a list. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

/** A chosen device that is not there, or whose name is not known yet, stays in the list as it was chosen. */
export function deviceOptions(devices: readonly ListedDevice[], choice: string, words: Strings): Option[] {
  const listed = [
    { value: '', label: words.automatic },
    ...devices.filter(({ deviceId }) => deviceId).map(({ deviceId, id }) => ({ value: deviceId, label: id })),
    { value: 'none', label: words.none },
  ];
  const value = deviceValue(devices, choice);
  return listed.some((option) => option.value === value) ? listed : [...listed, { value, label: choice }];
}

/** The id of the device that a setting names by id, label or index. */
export function deviceValue(devices: readonly ListedDevice[], choice: string): string {
  const device = devices.find(({ id, index, deviceId }) => [id, deviceId, String(index)].includes(choice));
  return device?.deviceId || choice;
}

export function options(listed: readonly Option[], chosen: string): TemplateResult[] {
  return listed.map(({ value, label }) => html`<option value=${value} .selected=${value === chosen}>${label}</option>`);
}
