import { html, nothing, type TemplateResult } from 'lit';
import type { Settings } from '../attributes.js';
import { adjustCamera, cameraFeatures } from './camera.js';
import type { ControlsView } from './controls-parts.js';
import { deviceOptions, deviceValue, options, type DeviceSetting, type Option } from './device-options.js';
import { size } from './numbers.js';

const SIZES = ['640x360', '640x480', '1280x720', '1920x1080', '3840x2160'];
const FRAMERATES = [10, 15, 24, 25, 30, 50, 60];
const VIDEO_BITRATES = [0, 300, 600, 1000, 1500, 2500, 4000, 6000, 8000];
const AUDIO_BITRATES = [0, 32, 64, 96, 128, 192, 256];

/** Devices and quality for everybody, and what only few need. */
export function settingsFields(view: ControlsView): TemplateResult {
  const { model, actions, words, numbers } = view;
  const { settings, isActive: isLocked } = model;
  const isGiven = model.source === 'page';
  const openStats = () => actions.toggle('stats');
  return html`
    <div class="fields">
      <h3>${words.devices}</h3>
      ${select(view, 'videoDevice', words.videoDevice, deviceOptions(view, 'videoDevice'), isGiven)}
      ${select(view, 'audioDevice', words.audioDevice, deviceOptions(view, 'audioDevice'), isGiven)} ${camera(view)}
      <h3>${words.videoQuality}</h3>
      ${select(view, 'size', words.resolution, sizes(view), isLocked)} ${audioModes(view)}
      <details class="advanced">
        <summary>${words.advanced}</summary>
        <div class="fields">
          ${select(
            view,
            'framerate',
            words.framerate,
            numbered(FRAMERATES, settings.framerate, (value) => numbers.plain(value, 2)),
            isLocked,
          )}
          ${select(view, 'videoBitrate', words.videoBitrate, bitrates(view, VIDEO_BITRATES, settings.videoBitrate))}
          ${select(view, 'audioBitrate', words.audioBitrate, bitrates(view, AUDIO_BITRATES, settings.audioBitrate))}
          <button part="button" type="button" @click=${openStats}>${words.statistics}</button>
        </div>
      </details>
      <p class="hint" ?hidden=${!isLocked}>${words.locked}</p>
    </div>
  `;
}

/** What only some cameras can do, mostly those of phones. */
function camera({ model, words }: ControlsView): TemplateResult {
  const { zoom, torch } = cameraFeatures(model);
  const setZoom = ({ target }: Event) => adjustCamera(model, { zoom: Number((target as HTMLInputElement).value) });
  const setTorch = async ({ target }: Event) => {
    const box = target as HTMLInputElement;
    await adjustCamera(model, { torch: box.checked });
    box.checked = cameraFeatures(model).torch === true;
  };
  return html`${
    zoom
      ? html`<label part="field"
          ><span>${words.zoom}</span
          ><input
            type="range"
            min=${zoom.min}
            max=${zoom.max}
            step=${zoom.step}
            .value=${String(zoom.value)}
            @input=${setZoom}
        /></label>`
      : nothing
  }${
    torch === undefined
      ? nothing
      : html`<label class="check" part="field"
          ><input type="checkbox" .checked=${torch} @change=${setTorch} /> ${words.torch}</label
        >`
  }`;
}

function sizes({ model, words }: ControlsView): Option[] {
  const { width, height } = model.settings;
  return including(SIZES, `${width}x${height}`).map((value) => {
    const [across, down] = dimensions(value);
    const preset = words.presets[String(down) as keyof typeof words.presets] as string | undefined;
    const isPreset = SIZES.includes(value) && preset;
    return { value, label: isPreset ? `${down}p, ${preset}` : size(across, down) };
  });
}

function bitrates({ words, numbers }: ControlsView, values: readonly number[], own: number): Option[] {
  return numbered(values, own, (value) => (value === 0 ? words.automatic : numbers.bitrate(value)));
}

function numbered(values: readonly number[], own: number, toLabel: (value: number) => string): Option[] {
  return including(values, own).map((value) => ({ value: String(value), label: toLabel(value) }));
}

/** The name of a control is that of its setting, or `size`. */
function choose({ target }: Event, { actions }: ControlsView): void {
  const { name, value } = target as HTMLInputElement | HTMLSelectElement;
  actions.choose(chosen(name, value));
}

function chosen(name: string, value: string): Partial<Settings> {
  if (name !== 'size') return { [name]: value };
  const [width, height] = dimensions(value);
  return { width, height };
}

function dimensions(value: string): [number, number] {
  const [width = 0, height = 0] = value.split('x').map(Number);
  return [width, height];
}

type SelectName = DeviceSetting | 'size' | 'framerate' | 'videoBitrate' | 'audioBitrate';

function select(
  view: ControlsView,
  name: SelectName,
  label: string,
  listed: Option[],
  isLocked = false,
): TemplateResult {
  const handleChange = (event: Event) => choose(event, view);
  return html`<label part="field">
    <span>${label}</span>
    <select part="select" name=${name} ?disabled=${isLocked} @change=${handleChange}>
      ${options(listed, valueOf(name, view))}
    </select>
  </label>`;
}

function audioModes(view: ControlsView): TemplateResult {
  const handleChange = (event: Event) => choose(event, view);
  const { model, words } = view;
  return html`<fieldset part="field" ?disabled=${model.isActive}>
    <legend>${words.audioMode}</legend>
    <div class="choices">
      ${Object.entries(words.audioModes).map(
        ([value, label]) =>
          html`<label>
            <input
              type="radio"
              name="audioMode"
              .value=${value}
              .checked=${model.settings.audioMode === value}
              @change=${handleChange}
            />
            <span>${label}</span>
          </label>`,
      )}
    </div>
  </fieldset>`;
}

function valueOf(name: SelectName, { model }: ControlsView): string {
  const { settings } = model;
  if (name === 'size') return `${settings.width}x${settings.height}`;
  if (name === 'videoDevice' || name === 'audioDevice') return deviceValue(model, name);
  return String(settings[name]);
}

function including<Value>(values: readonly Value[], own: Value): readonly Value[] {
  return values.includes(own) ? values : [own, ...values];
}
