import { defineComponent, h, onMounted, onUnmounted } from 'vue';

const MODULES = /<script type="module" src="([^"]*)"><\/script>/g;
const STYLES = /<style>([^]*?)<\/style>/g;

/**
 * Runs an example of the docs: its markup is inserted, its modules are imported from where the demo server has them, and its
 * styles are adopted, because a strict content security policy forbids `<style>`.
 */
export const LiveExample = defineComponent({
  props: { code: { type: String, required: true } },
  setup(props) {
    const source = decodeURIComponent(props.code);
    const modules = [...source.matchAll(MODULES)].map(([, src = '']) => src);
    const styles = [...source.matchAll(STYLES)].map(([, css = '']) => css);
    let sheets: CSSStyleSheet[] = [];

    onMounted(() => {
      sheets = styles.map((css) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        return sheet;
      });
      document.adoptedStyleSheets.push(...sheets);
      for (const src of new Set(['nano-webcaster.min.js', ...modules])) {
        const url = new URL(src, new URL('/cdn/', location.origin)).pathname;
        import(/* @vite-ignore */ url).catch(() => {
          // A static copy of the site has no element to run: the tag stays empty, and its code is below.
        });
      }
    });
    onUnmounted(() => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet));
    });

    const markup = source.replace(MODULES, '').replace(STYLES, '').trim();
    return () => h('div', { class: 'live-example', innerHTML: markup });
  },
});
