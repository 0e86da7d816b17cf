import { showTabs } from './code-tabs.js';
import { drawnCamera } from './drawn-camera.js';
import { logInto } from './event-log.js';

const log = logInto(document.querySelector('.log'));

const names = [
  'sign-in-success',
  'sign-in-error',
  'start-preview-success',
  'start-preview-error',
  'stop-preview-success',
  'broadcast-status',
  'start-broadcast-success',
  'start-broadcast-error',
  'broadcast-error',
  'stop-broadcast-success',
  'set-config-error',
];
// Events bubble, so the document receives those of every webcaster.
for (const name of names) document.addEventListener(name, ({ detail }) => log(name, detail));

const webcaster = document.querySelector('nano-webcaster');
const panel = document.querySelector('fault-panel');
const [output, stream] = document.querySelectorAll('.fields input');
const camera = document.querySelector('[name=camera]');

let scene;
function chooseSource() {
  scene ??= camera.checked ? undefined : drawnCamera();
  webcaster.mediaStream = camera.checked ? null : scene;
}
camera.addEventListener('change', chooseSource);

function takeOutput() {
  webcaster.ingestUrl = output.value.trim();
  webcaster.streamName = stream.value.trim();
  panel.toggleAttribute('rtmp', output.value.trim() !== '');
}
for (const field of [output, stream]) field.addEventListener('input', takeOutput);

// Browsers restore fields after a reload.
takeOutput();
chooseSource();
showTabs(document.querySelector('.code-tabs'));
