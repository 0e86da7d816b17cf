import { withBase, type Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { h } from 'vue';
import { LiveExample } from './live-example.js';
import './theme.css';

const notFound = () =>
  h('main', { class: 'not-found' }, [
    h('h1', 'Page not found'),
    h('p', 'There is no page at this address. Search the docs, or begin with your first broadcast.'),
    h('a', { href: withBase('/first-broadcast.html') }, 'Your first broadcast'),
  ]);

export default {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, {
      // The demo is outside the site's base, where links of the configuration cannot lead.
      'nav-bar-content-after': () => h('a', { class: 'demo-link', href: '/' }, 'Demo'),
      'not-found': notFound,
    }),
  enhanceApp: ({ app }) => void app.component('LiveExample', LiveExample),
} satisfies Theme;
