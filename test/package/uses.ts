/** What a page of a user's does with each file of the package, and what it has to say then. */
import { ar } from '../../src/element/languages/ar.js';
import { de } from '../../src/element/languages/de.js';
import { en } from '../../src/element/languages/en.js';
import { es } from '../../src/element/languages/es.js';
import { fr } from '../../src/element/languages/fr.js';
import { ja } from '../../src/element/languages/ja.js';
import type { Strings } from '../../src/element/strings.js';

const OTHERS = { ar, de, es, fr, ja };

export interface Use {
  /** A module's text, or the markup of a page. */
  text: string;
  /** What the page's `said` becomes. */
  says: string;
}

type Uses = Record<string, Use>;

const SAY_STATUS = `
  await element.updateComplete;
  globalThis.said = element.shadowRoot.querySelector('slot[name=idle]').textContent;`;

/** Has a page say what an element shows that it adds. */
const sayStatus = (tag = 'nano-webcaster', lang = 'en') => `
  const element = Object.assign(document.createElement('${tag}'), { lang: '${lang}' });
  document.body.append(element);${SAY_STATUS}`;

/** Has a page say that an element has its controls. */
const SAY_CONTROLS = `
  const element = Object.assign(document.createElement('nano-webcaster'), { controls: true });
  document.body.append(element);
  while (!element.shadowRoot?.querySelector('[part~=bar]')) await new Promise((resolve) => setTimeout(resolve, 10));
  globalThis.said = 'controls';`;

const saySupport = (RtcUser: string) => `globalThis.said = 'support ' + new ${RtcUser}().checkSupport();`;

/** Has a page say how a wrong address is refused: only the part that is loaded later sees it. */
const sayRefusal = (RtcUser: string) => `
  new ${RtcUser}().signIn({ server: 'ftp://media.example' }).catch(({ code }) => (globalThis.said = 'code ' + code));`;

const forLanguages = (languages: Record<string, Strings>, use: (lang: string) => [string, string]): Uses =>
  Object.fromEntries(
    Object.entries(languages).map(([lang, { idle }]) => {
      const [name, text] = use(lang);
      return [name, { text, says: idle }];
    }),
  );

/** By the specifiers of the modules. */
export const MODULE_USES: Uses = {
  'nano-webcaster': { text: `import 'nano-webcaster';${sayStatus()}`, says: en.idle },
  'nano-webcaster/define': { text: `import 'nano-webcaster/define';${sayStatus()}`, says: en.idle },
  'nano-webcaster/element': {
    text: `
      import { NanoWebcaster } from 'nano-webcaster/element';
      NanoWebcaster.define('own-studio');
      ${sayStatus('own-studio')}
      if (customElements.get('nano-webcaster')) globalThis.said = 'registered unasked';`,
    says: en.idle,
  },
  'nano-webcaster/controls': {
    text: `import 'nano-webcaster/controls'; import 'nano-webcaster';${SAY_CONTROLS}`,
    says: 'controls',
  },
  'nano-webcaster/core': {
    text: `import { RtcUser } from 'nano-webcaster/core';${sayRefusal('RtcUser')}`,
    says: 'code 1002',
  },
  'nano-webcaster/policy': {
    text: `
      import { waitBefore } from 'nano-webcaster/policy';
      const context = { attempt: 3, cause: 'server', minDelay: 1, maxDelay: 8, maxRetries: 2 };
      globalThis.said = 'wait ' + waitBefore(context, Math.random);`,
    says: 'wait null',
  },
  ...forLanguages({ en, ...OTHERS }, (lang) => {
    const name = `nano-webcaster/languages/${lang}.js`;
    return [name, `import 'nano-webcaster'; import '${name}';${sayStatus('nano-webcaster', lang)}`];
  }),
};

/** All of them in one page, which shows a language. */
export function everyModuleIn(lang: keyof typeof OTHERS): Use {
  const imports = Object.keys(MODULE_USES).map((name) => `import '${name}';`);
  return { text: imports.join('') + sayStatus('nano-webcaster', lang), says: OTHERS[lang].idle };
}

const inCdn = (name: string) => `/node_modules/nano-webcaster/cdn/${name}`;
const moduleTag = (name: string) => `<script type="module" src="${inCdn(name)}"></script>`;
const inlineModule = (text: string) => `<script type="module">${text}</script>`;

/** By the names of the scripts in `cdn/`. */
export const TAG_USES: Uses = {
  'nano-webcaster.min.js': {
    text: `
      <nano-webcaster></nano-webcaster>
      ${moduleTag('nano-webcaster.min.js')}
      ${inlineModule(`const element = document.querySelector('nano-webcaster');${SAY_STATUS}`)}`,
    says: en.idle,
  },
  'controls.min.js': {
    text: moduleTag('nano-webcaster.min.js') + inlineModule(SAY_CONTROLS),
    says: 'controls',
  },
  'broadcast.min.js': {
    text: inlineModule(`import { RtcUser } from '${inCdn('nano-webcaster.min.js')}';${sayRefusal('RtcUser')}`),
    says: 'code 1002',
  },
  'nano-webcaster.all.min.js': {
    text: moduleTag('nano-webcaster.all.min.js') + inlineModule(SAY_CONTROLS),
    says: 'controls',
  },
  'rtc-user.min.js': {
    text: inlineModule(`import { RtcUser } from '${inCdn('rtc-user.min.js')}';${sayRefusal('RtcUser')}`),
    says: 'code 1002',
  },
  'nanowebrtc.min.js': {
    text: `<script src="${inCdn('nanowebrtc.min.js')}"></script><script>${saySupport('nanowebrtc.user')}</script>`,
    says: 'support 0',
  },
  ...forLanguages(OTHERS, (lang) => {
    const name = `languages/${lang}.min.js`;
    const tags = moduleTag('nano-webcaster.min.js') + moduleTag(name);
    return [name, tags + inlineModule(sayStatus('nano-webcaster', lang))];
  }),
};
