import type { CSSResultOrNative } from 'lit';

/**
 * The sheets of styles for a shadow root. A sheet belongs to the document that it was made in: for another document, as that
 * of an iframe, it is made again.
 */
export function sheetsFor(root: ShadowRoot, styles: readonly CSSResultOrNative[]): CSSStyleSheet[] {
  const { ownerDocument } = root;
  return styles.flatMap((style) => {
    const sheet = style instanceof CSSStyleSheet ? style : style.styleSheet;
    if (!sheet || ownerDocument === document) return sheet ?? [];
    const { defaultView } = ownerDocument;
    if (!defaultView) return [];
    const copy = new defaultView.CSSStyleSheet();
    copy.replaceSync([...sheet.cssRules].map(({ cssText }) => cssText).join(''));
    return copy;
  });
}
