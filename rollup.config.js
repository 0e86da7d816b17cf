import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { transform } from 'esbuild';
import MagicString from 'magic-string';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

let known;

/** Tells builds of one version apart, since some come from clones. `dist` is read when the first bundle is made. */
function release() {
  if (known) return known;
  const hash = createHash('sha256');
  for (const name of readdirSync('dist', { recursive: true }).sort()) {
    if (name.endsWith('.js')) hash.update(readFileSync(`dist/${name}`));
  }
  known = `${version}-${hash.digest('hex').slice(0, 8)}`;
  return known;
}

const CONTROLS_IMPORT = "import('../controls/index.js')";

/**
 * The address of a file beside the element's, as an expression. The query keeps caches from mixing builds; a failed address
 * is never tried again by some browsers, so each retry has one of its own.
 */
const besideOf = (file, attempt) => `${file} + '?v=${release()}' + (${attempt} ? '-' + ${attempt} : '')`;

/** The element's file loads `controls.min.js` beside it. */
const controlsBeside = {
  name: 'controls-beside',
  transform(code, id) {
    if (!id.endsWith('/controls-loader.js')) return null;
    if (!code.includes(CONTROLS_IMPORT)) this.error(`There is no ${CONTROLS_IMPORT} to replace.`);
    return code.replace(CONTROLS_IMPORT, `import(${besideOf("'./controls.min.js'", '_attempt')})`);
  },
};

const LATE_LOADER = fileURLToPath(new URL('dist/core/broadcast/late-publisher-loader.js', import.meta.url));

/**
 * The element's file loads `broadcast.min.js` beside it and lends it what both use. If that imported the element's file, a page
 * that has it under another address, as behind a query, would load it twice.
 */
const broadcastBeside = {
  name: 'broadcast-beside',
  resolveId: (source) => (source.endsWith('/publisher-loader.js') ? LATE_LOADER : null),
  renderDynamicImport: ({ targetChunk }) => targetChunk && { left: 'importBeside(', right: ')' },
  async renderChunk(code, { isEntry }, _options, { chunks }) {
    if (Object.keys(chunks).length !== 2) this.error('The element and what broadcasts are to be one file each.');
    if (!isEntry && code.includes('importBeside(')) this.error('Nothing is loaded by what is loaded later.');
    const changed = new MagicString(code);
    const { body } = this.parse(code);
    const one = (type) => body.find((statement) => statement.type === type);
    const { specifiers, start, end } = one('ExportNamedDeclaration');
    const locals = new Map(specifiers.map(({ exported, local }) => [exported.name, local.name]));
    const lent = Object.values(chunks).flatMap(({ importedBindings }) => Object.values(importedBindings).flat());
    if (isEntry) {
      const publicNames = Object.keys(await import('./dist/index.js'));
      changed.update(start, end, `export { ${publicNames.map((name) => `${locals.get(name)} as ${name}`)} };`);
      const lends = lent.map((name) => `${name}: ${locals.get(name)}`);
      changed.append(`
        let imports = 0;
        const importBeside = (file, attempt = imports++) =>
          import(${besideOf('file', 'attempt')}).then((module) => module.default('${release()}', { ${lends} }));`);
    } else {
      const borrowed = one('ImportDeclaration');
      const names = borrowed.specifiers.map(({ imported, local }) => `${imported.name}: ${local.name}`);
      changed.update(
        borrowed.start,
        borrowed.end,
        `export default (version, { ${names} }) => {
          if (version !== '${release()}') throw new Error(\`It has version ${release()}, the element \${version}.\`);`,
      );
      const returned = [...locals].map(([name, local]) => `${name}: ${local}`);
      changed.update(start, end, `return { ${returned} };\n};`);
    }
    return { code: changed.toString(), map: changed.generateMap({ hires: true }) };
  },
};

/**
 * The controls are rendered by the Lit of the element, whose copy is not known to their file: templates are plain objects
 * that every Lit 3 renders. A Lit of their own would need another Trusted Types policy.
 */
const LIT_TEMPLATES = `
const template = (type) => (strings, ...values) => ({ _$litType$: type, strings, values });
export const html = template(1);
export const svg = template(2);
export const nothing = Symbol.for('lit-nothing');
export const noChange = Symbol.for('lit-noChange');
export const isServer = false;
export const css = ([text]) => {
  const styleSheet = new CSSStyleSheet();
  styleSheet.replaceSync(text);
  return { styleSheet };
};`;

const litOfTheElement = {
  name: 'lit-of-the-element',
  resolveId: (id) => (id === 'lit' ? '\0lit' : null),
  load: (id) => (id === '\0lit' ? LIT_TEMPLATES : null),
};

/** Lit's styles without what is for browsers that cannot adopt a sheet. A sheet needs a DOM, so none is made before its use. */
const ADOPTED_STYLES = `
export const css = ([text]) => {
  let sheet;
  return {
    get styleSheet() {
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(text);
      return sheet;
    },
  };
};
export const getCompatibleStyle = (style) => style;
export const adoptStyles = (root, styles) => {
  root.adoptedStyleSheets = styles.map((style) => style.styleSheet ?? style);
};
// Lit exports these too; nobody uses them here.
export const supportsAdoptingStyleSheets = true;
export const unsafeCSS = (text) => css([String(text)]);
export class CSSResult {}`;

const LIT_STYLES = 'css-tag.js';

const adoptedStyles = {
  name: 'adopted-styles',
  load: (id) => (id.endsWith(LIT_STYLES) ? ADOPTED_STYLES : null),
  buildEnd(error) {
    const isReplaced = [...this.getModuleIds()].some((id) => id.endsWith(LIT_STYLES));
    if (!error && !isReplaced) this.error(`There is no ${LIT_STYLES} of Lit to replace.`);
  },
};

/** Every template literal with one of the tags in a syntax tree. */
function* literals(node, tags) {
  if (Array.isArray(node)) for (const each of node) yield* literals(each, tags);
  if (typeof node?.type !== 'string') return;
  if (node.type === 'TaggedTemplateExpression' && tags.includes(node.tag.name)) yield node.quasi;
  for (const value of Object.values(node)) if (typeof value === 'object') yield* literals(value, tags);
}

/** Styles and templates are texts that terser leaves alone. Only whole styles are taken: none has an expression in it. */
const smallTexts = {
  name: 'small-texts',
  async transform(code) {
    if (!/\b(html|svg|css) ?`/.test(code)) return null;
    const small = new MagicString(code);
    const tree = this.parse(code);
    for (const { start, end, value } of [...literals(tree, ['html', 'svg'])].flatMap(({ quasis }) => quasis)) {
      if (end > start) small.update(start, end, value.raw.replace(/\s*\n\s*/g, ' '));
    }
    for (const { quasis } of literals(tree, ['css'])) {
      const [{ start, end, value }] = quasis;
      const { code: css } = await transform(value.raw, { loader: 'css', minify: true, target: 'es2022' });
      small.update(start, end, css.trim());
    }
    return { code: small.toString(), map: small.generateMap({ hires: true }) };
  },
};

/** Terser gives every private field of a file a name of its own; esbuild uses the same short ones in every class. */
const shortNames = {
  name: 'short-names',
  renderChunk: (code) => transform(code, { minifyIdentifiers: true, target: 'es2022', sourcemap: true }),
};

/** No getter has a side effect, in Lit neither. The rest is what compresses best. */
const COMPRESS = { passes: 3, inline: 1, unsafe_arrows: true, pure_getters: true, lhs_constants: false };

const bundle = (input, file, { plugins = [], output = { format: 'es' } } = {}) => ({
  input,
  output: { file, sourcemap: true, ...output },
  plugins: [...plugins, smallTexts, resolve(), shortNames, terser({ ecma: 2022, module: true, compress: COMPRESS })],
});

/** A script as v5's was: it adds to `window.nanowebrtc`, and leaves alone what else is there. */
const classic = { format: 'iife', name: 'nanowebrtc', extend: true, outro: `exports.version = '${version}';` };

export default [
  {
    ...bundle('dist/index.js', undefined, {
      plugins: [controlsBeside, adoptedStyles, broadcastBeside],
      output: {
        format: 'es',
        dir: 'cdn',
        entryFileNames: 'nano-webcaster.min.js',
        chunkFileNames: 'broadcast.min.js',
        minifyInternalExports: false,
      },
    }),
    preserveEntrySignatures: 'allow-extension',
  },
  bundle('dist/element/controls/index.js', 'cdn/controls.min.js', { plugins: [litOfTheElement] }),
  // Everything in one file, for a CMS that takes one only.
  bundle('dist/all.js', 'cdn/nano-webcaster.all.min.js', {
    plugins: [adoptedStyles],
    output: { format: 'es', inlineDynamicImports: true },
  }),
  // What the headless core alone weighs, and what a page without the element loads.
  bundle('dist/core/index.js', 'cdn/rtc-user.min.js'),
  ...['ar', 'de', 'es', 'fr', 'ja'].map((tag) =>
    bundle(`dist/element/languages/${tag}.js`, `cdn/languages/${tag}.min.js`),
  ),
  bundle('dist/core/classic.js', 'cdn/nanowebrtc.min.js', { output: classic }),
];
