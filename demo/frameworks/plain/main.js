import 'nano-webcaster';

const find = (selector) => document.querySelector(selector);
const webcaster = find('nano-webcaster');

webcaster.addEventListener('broadcast-status', ({ detail }) => (find('output').textContent = detail.data.message));
find('button').addEventListener('click', () => webcaster.start());
find('input').addEventListener('change', ({ target }) => (webcaster.muted = target.checked));
