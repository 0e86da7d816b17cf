import 'nano-webcaster';

const find = (selector) => document.querySelector(selector);
const webcaster = find('nano-webcaster');

webcaster.addEventListener('broadcast-status', ({ detail }) => (find('output').textContent = detail.data.message));
find('button').addEventListener('click', () => webcaster.start());
const [sound, picture] = document.querySelectorAll('input');
sound.addEventListener('change', () => (webcaster.muted = sound.checked));
picture.addEventListener('change', () => (webcaster.videoMuted = picture.checked));
