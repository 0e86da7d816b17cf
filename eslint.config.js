import js from '@eslint/js';
import globals from 'globals';
import { configs as lit } from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import { configs as wc } from 'eslint-plugin-wc';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['**/dist', 'cdn', 'coverage', 'docs-site', '.cache', 'docs/reference/api', 'node_modules'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  lit['flat/all'],
  wc['flat/best-practice'],
  litA11y.configs.recommended,
  {
    // Without this the wc rules do not see Lit's classes.
    settings: { wc: { elementBaseClasses: ['LitElement'] } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': ['error', { allow: ['warn', 'error'] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Typed listeners of an element are declared as its interface, as the DOM's own are.
      '@typescript-eslint/no-unsafe-declaration-merging': 'off',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // LitElement has every lifecycle callback.
      'wc/guard-super-call': 'off',
      // A list that never changes its order needs no repeat directive.
      'lit/no-template-map': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  { files: ['src/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['demo/server/**', 'demo/*.mjs', 'demo/frameworks/*.mjs', 'scripts/**', 'test/**', '*.config.*', '.*.cjs'],
    languageOptions: { globals: { ...globals.node, ...globals.browser, ...globals.mocha } },
    rules: { 'no-console': 'off' },
  },
  { files: ['demo/**/*.js'], languageOptions: { globals: globals.browser } },
);
