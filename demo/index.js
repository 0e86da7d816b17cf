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
// The events bubble, so one place hears them all.
for (const name of names) document.addEventListener(name, ({ detail }) => log(name, detail));

const webcaster = document.querySelector('nano-webcaster');
const panel = document.querySelector('fault-panel');
const [output, stream] = document.querySelectorAll('.fields input');

function takeOutput() {
  webcaster.ingestUrl = output.value.trim();
  webcaster.streamName = stream.value.trim();
  panel.toggleAttribute('rtmp', output.value.trim() !== '');
}

for (const field of [output, stream]) field.addEventListener('input', takeOutput);
// A browser may have filled them in by itself.
takeOutput();
