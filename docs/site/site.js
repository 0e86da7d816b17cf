/** The search of the docs: every word has to stand in a section; titles count for more. */
const input = document.querySelector('#search');
const list = document.querySelector('#found');

const MOST = 8;
let sections;

async function load() {
  sections ??= fetch('/docs/search.json').then((response) => response.json());
  return sections;
}

function rank({ page, title, text }, words) {
  const [inTitle, inText] = [`${page} ${title}`.toLowerCase(), text.toLowerCase()];
  let points = 0;
  for (const word of words) {
    if (!inTitle.includes(word) && !inText.includes(word)) return 0;
    points += inTitle.includes(word) ? 10 : 1;
  }
  return points;
}

/** The words around the first hit. */
function excerpt(text, [word]) {
  const at = text.toLowerCase().indexOf(word);
  return at < 0 ? text.slice(0, 90) : `${at > 30 ? '…' : ''}${text.slice(Math.max(0, at - 30), at + 70)}…`;
}

function entry({ url, page, title, text }, words) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  const detail = document.createElement('span');
  link.href = url;
  link.textContent = page === title ? page : `${page} › ${title}`;
  detail.textContent = excerpt(text, words);
  item.append(link, detail);
  return item;
}

input.addEventListener('input', async () => {
  const text = input.value;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (await load())
    .map((section) => ({ section, points: words.length > 0 ? rank(section, words) : 0 }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, MOST);
  // A slow index must not overwrite what has been typed since.
  if (input.value !== text) return;
  list.replaceChildren(...found.map(({ section }) => entry(section, words)));
  if (words.length > 0 && found.length === 0) list.append('Nothing was found.');
  list.hidden = words.length === 0;
});

input.addEventListener('keydown', ({ key }) => {
  if (key === 'Enter') list.querySelector('a')?.click();
  if (key === 'Escape') list.hidden = true;
});

// On a wide screen the list of pages is always there.
const menu = document.querySelector('.menu');
const isWide = matchMedia('(min-width: 60rem)');
const arrange = () => (menu.open = isWide.matches);
isWide.addEventListener('change', arrange);
arrange();
