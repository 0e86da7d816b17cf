import { html, type TemplateResult } from 'lit';
import type { DeviceList, ListedDevice } from '../../core/api/events.js';
import type { Settings } from '../attributes.js';
import type { Strings } from '../strings.js';
import { size, type Numbers } from './numbers.js';

/** What the settings show and do. */
export interface SettingsView {
  words: Strings;
  numbers: Numbers;
  settings: Settings;
  devices: DeviceList;
  /** Locks what holds from the next start. */
  isLocked: boolean;
  /** Hears of every control that has changed. Its name is that of the setting, or `size`. */
  choose: (event: Event) => void;
}

interface Option {
  value: string;
  label: string;
}

const SIZES = ['640x360', '640x480', '1280x720', '1920x1080', '3840x2160'];
const FRAMERATES = [10, 15, 24, 25, 30, 50, 60];
const VIDEO_BITRATES = [0, 300, 600, 1000, 1500, 2500, 4000, 6000, 8000];
const AUDIO_BITRATES = [0, 32, 64, 96, 128, 192, 256];

export function settingsFields(view: SettingsView): TemplateResult {
  const { words, numbers, settings, devices, isLocked } = view;
  const { width, height, framerate, videoBitrate, audioBitrate } = settings;
  const bitrates = (values: number[], own: number): Option[] =>
    including(values, own).map((value) => ({
      value: String(value),
      label: value === 0 ? words.automatic : numbers.bitrate(value),
    }));
  const sizes = including(SIZES, `${width}x${height}`).map((value) => ({ value, label: size(...dimensions(value)) }));
  const framerates = including(FRAMERATES, framerate).map((value) => ({
    value: String(value),
    label: numbers.plain(value, 2),
  }));
  return html`
    <div class="fields">
      ${radios(view, 'source', words.source, words.sources)}
      ${radios(view, 'audioMode', words.audioMode, words.audioModes)}
      ${select(view, 'videoDevice', words.videoDevice, deviceOptions(devices.videodevices, settings.videoDevice, words))}
      ${select(view, 'audioDevice', words.audioDevice, deviceOptions(devices.audiodevices, settings.audioDevice, words))}
      ${select(view, 'size', words.resolution, sizes, isLocked)}
      ${select(view, 'framerate', words.framerate, framerates, isLocked)}
      ${select(view, 'videoBitrate', words.videoBitrate, bitrates(VIDEO_BITRATES, videoBitrate))}
      ${select(view, 'audioBitrate', words.audioBitrate, bitrates(AUDIO_BITRATES, audioBitrate))}
    </div>
    <p class="detail" ?hidden=${!isLocked}>${words.locked}</p>
  `;
}

/** The settings that a changed control means. */
export function chosen(name: string, value: string): Partial<Settings> {
  if (name !== 'size') return { [name]: value };
  const [width, height] = dimensions(value);
  return { width, height };
}

function dimensions(value: string): [number, number] {
  const [width = 0, height = 0] = value.split('x').map(Number);
  return [width, height];
}

type SelectName = 'videoDevice' | 'audioDevice' | 'size' | 'framerate' | 'videoBitrate' | 'audioBitrate';

function select(
  view: SettingsView,
  name: SelectName,
  label: string,
  options: Option[],
  isLocked = false,
): TemplateResult {
  const own = valueOf(name, view);
  return html`<label part="field">
    <span>${label}</span>
    <select part="select" name=${name} ?disabled=${isLocked} @change=${view.choose}>
      ${options.map(
        (option) => html`<option value=${option.value} .selected=${option.value === own}>${option.label}</option>`,
      )}
    </select>
  </label>`;
}

function radios(view: SettingsView, name: 'source' | 'audioMode', legend: string, labels: object): TemplateResult {
  return html`<fieldset part="field" ?disabled=${view.isLocked}>
    <legend>${legend}</legend>
    <div class="choices">
      ${Object.entries(labels).map(
        ([value, label]) =>
          html`<label>
            <input
              type="radio"
              name=${name}
              .value=${value}
              .checked=${view.settings[name] === value}
              @change=${view.choose}
            />
            <span>${label}</span>
          </label>`,
      )}
    </div>
  </fieldset>`;
}

function valueOf(name: SelectName, { settings, devices }: SettingsView): string {
  if (name === 'size') return `${settings.width}x${settings.height}`;
  if (name === 'videoDevice') return deviceValue(devices.videodevices, settings.videoDevice);
  if (name === 'audioDevice') return deviceValue(devices.audiodevices, settings.audioDevice);
  return String(settings[name]);
}

/** A chosen device that is not there, or whose name is not known yet, stays in the list as it was chosen. */
function deviceOptions(devices: ListedDevice[], choice: string, words: Strings): Option[] {
  const options = [
    { value: '', label: words.automatic },
    { value: 'none', label: words.none },
    ...devices.filter(({ deviceId }) => deviceId).map(({ deviceId, id }) => ({ value: deviceId, label: id })),
  ];
  const value = deviceValue(devices, choice);
  return options.some((option) => option.value === value) ? options : [...options, { value, label: choice }];
}

function deviceValue(devices: ListedDevice[], choice: string): string {
  const device = devices.find(({ id, index, deviceId }) => [id, deviceId, String(index)].includes(choice));
  return device?.deviceId || choice;
}

function including<Value>(values: Value[], own: Value): Value[] {
  return values.includes(own) ? values : [own, ...values];
}
