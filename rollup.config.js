import { readFileSync } from 'node:fs';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const bundle = (input, file, output = { format: 'es' }) => ({
  input,
  output: { file, sourcemap: true, ...output },
  plugins: [resolve(), terser({ ecma: 2022, module: true, compress: { passes: 3, unsafe_arrows: true } })],
});

/** A script as v5's was: it adds to `window.nanowebrtc`, and leaves alone what else is there. */
const classic = { format: 'iife', name: 'nanowebrtc', extend: true, outro: `exports.version = '${version}';` };

export default [
  bundle('dist/index.js', 'cdn/nano-webcaster.min.js'),
  // What the headless core alone weighs, and what a page without the element loads.
  bundle('dist/core/index.js', 'cdn/rtc-user.min.js'),
  ...['ar', 'de', 'es', 'fr', 'ja'].map((tag) =>
    bundle(`dist/element/languages/${tag}.js`, `cdn/languages/${tag}.min.js`),
  ),
  bundle('dist/core/classic.js', 'cdn/nanowebrtc.min.js', classic),
];
