import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';

const bundle = (input, file) => ({
  input,
  output: { file, format: 'es', sourcemap: true },
  plugins: [resolve(), terser({ ecma: 2022, module: true, compress: { passes: 3, unsafe_arrows: true } })],
});

export default [
  bundle('dist/index.js', 'cdn/nano-webcaster.min.js'),
  // What the headless core alone weighs, and what a page without the element loads.
  bundle('dist/core/index.js', 'cdn/rtc-user.min.js'),
  ...['ar', 'de', 'es', 'fr', 'ja'].map((tag) =>
    bundle(`dist/element/languages/${tag}.js`, `cdn/languages/${tag}.min.js`),
  ),
];
