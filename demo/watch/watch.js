import { token } from '../page-token.js';

const form = document.querySelector('form');
const name = new URL(location.href).searchParams.get('stream') ?? '';
form.elements.stream.value = name;

if (form.elements.stream.checkValidity()) {
  document.title = `${name}: nano-webcaster`;
  const player = document.createElement('whep-player');
  player.setAttribute('src', `/whep/${name}`);
  if (token) player.setAttribute('token', token);
  form.before(player);
}
