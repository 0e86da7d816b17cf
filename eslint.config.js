import js from '@eslint/js';
import globals from 'globals';
import { configs as lit } from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import { configs as wc } from 'eslint-plugin-wc';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['dist', 'cdn', 'coverage', 'node_modules'] },
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
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  { files: ['src/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['demo/server/**', 'scripts/**', 'test/**', '*.config.*'],
    languageOptions: { globals: { ...globals.node, ...globals.browser, ...globals.mocha } },
    rules: { 'no-console': 'off' },
  },
  { files: ['demo/**/*.js'], languageOptions: { globals: globals.browser } },
);
