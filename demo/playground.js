import { token } from './page-token.js';
import { codeFor, fieldsOf, placeholdersIn, written } from './playground-code.js';

const [manifest, servers] = await Promise.all(
  ['/custom-elements.json', '/servers.json'].map(async (url) => (await fetch(url)).json()),
);
const fields = fieldsOf(manifest);
const form = document.querySelector('form');
const stage = document.querySelector('#stage');
const code = document.querySelector('#code');
const placeholders = document.querySelector('#placeholders');

for (const { name } of servers) form.elements['server-kind'].append(new Option(name));

function control({ name, kind, choices, initial, description }) {
  const label = document.createElement('label');
  label.title = description.replaceAll('`', '');
  let input;
  if (kind === 'choice') {
    input = document.createElement('select');
    for (const choice of choices) input.append(new Option(choice, choice, choice === initial, choice === initial));
  } else {
    input = document.createElement('input');
    input.type = { boolean: 'checkbox', number: 'number' }[kind] ?? 'text';
    input.placeholder = initial;
    if (kind === 'boolean') input.value = 'on';
  }
  input.name = name;
  label.append(`${name} `, input);
  return label;
}

const list = document.querySelector('#attributes');
list.className = 'fields';
list.append(...fields.map(control));

const camelCase = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** Fills in what a kind of server needs. */
function takeServer() {
  const kind = servers[form.elements['server-kind'].selectedIndex];
  for (const name of ['server', 'ingest-url', 'stream-name', 'token']) {
    form.elements[name].value = kind[camelCase(name)] ?? '';
  }
}

/** The form's values, an empty string for what is not set. */
function valuesOf() {
  return Object.fromEntries(
    fields.map(({ name }) => {
      const { type, checked, value } = form.elements[name];
      return [name, type === 'checkbox' ? (checked ? 'on' : '') : value];
    }),
  );
}

/** The address with the origin of this page if it is only a path. */
const absolute = (address) => (/^\/(?!\/)/.test(address) ? location.origin + address : address);

function show() {
  const attributes = written(fields, valuesOf());
  // On another page, a path would lead to that page's server.
  const copied = attributes.map(([name, value]) => [name, name === 'server' ? absolute(value) : value]);
  code.textContent = codeFor(form.elements.framework.value, copied);
  const open = placeholdersIn(attributes);
  placeholders.textContent =
    open.length > 0 ? `Before you go live, replace ${open.join(' and ')} in the attributes.` : '';
  const element = stage.firstElementChild ?? document.createElement('nano-webcaster');
  const names = new Set(attributes.map(([name]) => name));
  for (const { name } of fields) if (!names.has(name)) element.removeAttribute(name);
  for (const [name, value] of attributes) element.setAttribute(name, value ?? '');
  // Not a choice of the form: neither the code nor the address may show it, and no other server may get it.
  if (token && element.getAttribute('server')?.startsWith('/whip/')) element.setAttribute('token', token);
  if (!element.isConnected) stage.append(element);
  const state = new URLSearchParams([
    ['server-kind', form.elements['server-kind'].value],
    ['framework', form.elements.framework.value],
    // A token has no place in an address.
    ...attributes.filter(([name]) => name !== 'token').map(([name, value]) => [name, value ?? 'on']),
  ]);
  history.replaceState(null, '', `#${state}`);
}

/** Reads what the address keeps. */
function restore() {
  const state = new URLSearchParams(location.hash.slice(1));
  for (const name of ['server-kind', 'framework']) {
    const list = form.elements[name];
    if (state.has(name)) list.value = state.get(name);
    // An address may be older than the list.
    if (list.selectedIndex < 0) list.selectedIndex = 0;
  }
  takeServer();
  form.elements.controls.checked = true;
  if (state.size === 0) return;
  for (const { name, kind } of fields) {
    if (name === 'token') continue;
    if (kind === 'boolean') form.elements[name].checked = state.has(name);
    else if (state.has(name)) form.elements[name].value = state.get(name);
  }
}

form.elements['server-kind'].addEventListener('change', takeServer);
form.addEventListener('input', show);
form.addEventListener('change', show);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => {
  history.replaceState(null, '', '#');
  setTimeout(() => {
    restore();
    show();
  });
});
document.querySelector('#copy').addEventListener('click', async ({ target }) => {
  const isCopied = await navigator.clipboard.writeText(code.textContent).then(
    () => true,
    () => false,
  );
  target.textContent = isCopied ? 'Copied' : 'Press Ctrl+C';
  setTimeout(() => (target.textContent = 'Copy'), 2000);
});

restore();
show();
