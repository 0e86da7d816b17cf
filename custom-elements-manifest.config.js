import { jsDocTagsPlugin } from '@wc-toolkit/jsdoc-tags';
import { customElementJetBrainsPlugin } from 'custom-element-jet-brains-integration';
import { customElementVsCodePlugin } from 'custom-element-vs-code-integration';
import { attributeOf } from './dist/element/attributes.js';

/** Paths as users import them, and nothing that is private. */
const published = {
  name: 'published',
  packageLinkPhase({ customElementsManifest }) {
    // Catalogues are to show the package's own, and not an empty one.
    delete customElementsManifest.readme;
    const toPublished = (path) => path?.replace(/^\/?src\//, 'dist/').replace(/\.ts$/, '.js');
    for (const module of customElementsManifest.modules) {
      module.path = toPublished(module.path);
      for (const { declaration } of module.exports ?? [])
        if (declaration?.module) declaration.module = toPublished(declaration.module);
      for (const item of module.declarations ?? []) {
        item.members = item.members?.filter(
          ({ name, privacy = 'public' }) => privacy === 'public' && !name.startsWith('#') && !INTERNAL.has(name),
        );
        // The element shows its status as an attribute and does not read it.
        item.attributes = item.attributes?.filter(({ name }) => name !== 'status');
        for (const attribute of item.attributes ?? []) attribute.name = attributeOf(attribute.name);
        for (const member of item.members ?? []) if (member.attribute) member.attribute = attributeOf(member.attribute);
      }
    }
    customElementsManifest.modules.push(...customElementsManifest.modules.flatMap(definitionsOf));
  },
};

/** The class is registered by a module of its own, which the analyzer cannot follow. */
function definitionsOf({ path, declarations }) {
  const elements = declarations.filter(({ tagName }) => tagName);
  return elements.map(({ name, tagName }) => ({
    kind: 'javascript-module',
    path: 'dist/define.js',
    declarations: [],
    exports: [{ kind: 'custom-element-definition', name: tagName, declaration: { name, module: path } }],
  }));
}

/** Public for Lit, the browser or the element's own controllers, not for pages. */
const INTERNAL = new Set([
  'warn',
  'attributeChangedCallback',
  'connectedMoveCallback',
  'observedAttributes',
  'properties',
]);

export default {
  globs: ['src/element/nano-webcaster.ts'],
  outdir: '.',
  litelement: true,
  plugins: [
    // `@takesEffect` of a property: when a change of it takes effect.
    jsDocTagsPlugin({ tags: { takesEffect: {} } }),
    published,
    customElementVsCodePlugin({ outdir: 'types', hideMethodDocs: true, hideLogs: true }),
    customElementJetBrainsPlugin({
      outdir: 'types',
      hideMethodDocs: true,
      packageJson: false,
      hideLogs: true,
    }),
  ],
};
