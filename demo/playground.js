import { token } from './page-token.js';
import {
  codeFor,
  contradictoryDelays,
  fieldsOf,
  filesFor,
  languageModule,
  placeholdersIn,
  written,
} from './playground-code.js';

const [manifest, servers, languages] = await Promise.all(
  ['/custom-elements.json', '/servers.json', '/languages.json'].map(async (url) => (await fetch(url)).json()),
);
const fields = fieldsOf(manifest, languages);
const form = document.querySelector('form');
const stage = document.querySelector('#stage');
const code = document.querySelector('#code');
const files = document.querySelector('#files');
const placeholders = document.querySelector('#placeholders');
/** Connection settings that belong to one server only. */
const CONNECTION = ['server', 'ingest-url', 'stream-name', 'token'];

for (const { name } of servers) form.elements['server-kind'].append(new Option(name));

/** The name of a choice: of a language its own, and of the empty one what it means. */
function nameOf(field, choice) {
  if (field !== 'lang') return choice || 'automatic';
  if (choice === '') return "the page's";
  return `${new Intl.DisplayNames(choice, { type: 'language' }).of(choice)} (${choice})`;
}

const codeOf = (textContent) => Object.assign(document.createElement('code'), { textContent });

/** Text of the manifest, with code between backticks. */
function marked(text) {
  return text.split('`').map((part, index) => (index % 2 === 1 ? codeOf(part) : part));
}

/** A field with the description of its attribute, and a place for why its value is refused. */
function control({ name, kind, choices, initial, description }) {
  const field = Object.assign(document.createElement('div'), { className: 'field' });
  const label = document.createElement('label');
  const input = document.createElement(kind === 'choice' ? 'select' : 'input');
  if (kind === 'choice') {
    for (const choice of choices) {
      input.append(new Option(nameOf(name, choice), choice, choice === initial, choice === initial));
    }
  } else {
    input.type = { boolean: 'checkbox', number: 'number' }[kind] ?? 'text';
    input.placeholder = initial;
    if (kind === 'boolean') input.value = 'on';
    if (kind === 'number') input.step = 'any';
  }
  input.name = name;
  const about = Object.assign(document.createElement('small'), { id: `about-${name}` });
  about.append(...marked(description));
  const refusal = Object.assign(document.createElement('small'), { id: `refusal-${name}`, className: 'refusal' });
  refusal.setAttribute('role', 'alert');
  input.setAttribute('aria-describedby', `${refusal.id} ${about.id}`);
  label.append(...(kind === 'boolean' ? [input, name] : [`${name} `, input]));
  field.append(label, refusal, about);
  return field;
}

const list = document.querySelector('#attributes');
list.className = 'fields';
list.append(...fields.map(control));

const camelCase = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** The kind of server whose values the form has. */
let server = {};

/** Fills in what a kind of server needs, and takes back what the one before it needed. */
function takeServer() {
  const before = server;
  server = servers[form.elements['server-kind'].selectedIndex];
  for (const { name } of fields) {
    const [old, recommended] = [before[camelCase(name)], server[camelCase(name)]];
    const input = form.elements[name];
    if (recommended !== undefined) input.value = recommended;
    else if (CONNECTION.includes(name) || (old !== undefined && input.value === old)) input.value = '';
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

const probe = document.createElement('nano-webcaster');

/** What the element says of a value that it does not take; an empty text for a right one. */
function refusalOf({ name, kind }, value) {
  if (kind !== 'number') return '';
  if (form.elements[name].validity.badInput) return `${name} must be a number.`;
  let refusal = '';
  probe.warn = (message) => (refusal = message);
  if (value !== '') probe.setAttribute(name, value);
  return refusal;
}

function showRefusals(refusals) {
  for (const { name } of fields) {
    const text = refusals[name] ?? '';
    const refusal = document.querySelector(`#refusal-${name}`);
    // Screen readers announce an alert whenever it is written.
    if (refusal.textContent !== text) refusal.textContent = text;
    form.elements[name].setAttribute('aria-invalid', text !== '');
  }
}

/** The address with the origin of this page if it is only a path. */
const absolute = (address) => (/^\/(?!\/)/.test(address) ? location.origin + address : address);

const LIST = new Intl.ListFormat('en-GB');

function show() {
  const values = valuesOf();
  const refusals = {
    ...contradictoryDelays(fields, values),
    ...Object.fromEntries(
      fields.map((field) => [field.name, refusalOf(field, values[field.name])]).filter(([, text]) => text),
    ),
  };
  // A value that the element would not take has no place in the code.
  const taken = fields.filter(({ name }) => !refusals[name]);
  const recommended = taken.map(({ name }) => name).filter((name) => server[camelCase(name)] !== undefined);
  const attributes = written(taken, values, recommended);
  // On another page, a path would lead to that page's server.
  const copied = attributes.map(([name, value]) => [name, name === 'server' ? absolute(value) : value]);
  code.textContent = codeFor(form.elements.framework.value, copied);
  const needed = filesFor(attributes).map((file) => `cdn/${file}`);
  files.replaceChildren(
    ...LIST.formatToParts(needed).map(({ type, value }) => (type === 'element' ? codeOf(value) : value)),
  );
  const open = placeholdersIn(attributes);
  placeholders.textContent =
    open.length > 0 ? `Before you go live, replace ${LIST.format(open)} in the attributes.` : '';
  const language = languageModule(attributes);
  if (language) void import(`/cdn/languages/${language}.min.js`);
  const element = stage.firstElementChild ?? document.createElement('nano-webcaster');
  const names = new Set(attributes.map(([name]) => name));
  for (const { name } of fields) if (!names.has(name)) element.removeAttribute(name);
  for (const [name, value] of attributes) element.setAttribute(name, value ?? '');
  // Not a choice of the form: neither the code nor the address may show it, and no other server may get it.
  if (token && element.getAttribute('server')?.startsWith('/whip/')) element.setAttribute('token', token);
  if (!element.isConnected) stage.append(element);
  showRefusals(refusals);
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
    const choices = form.elements[name];
    if (state.has(name)) choices.value = state.get(name);
    // An address may be older than the list.
    if (choices.selectedIndex < 0) choices.selectedIndex = 0;
  }
  takeServer();
  form.elements.controls.checked = true;
  if (state.size === 0) return;
  for (const { name, kind, choices } of fields) {
    if (name === 'token') continue;
    if (kind === 'boolean') form.elements[name].checked = state.has(name);
    else if (kind !== 'choice') form.elements[name].value = state.get(name) ?? '';
    else if (choices.includes(state.get(name))) form.elements[name].value = state.get(name);
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
