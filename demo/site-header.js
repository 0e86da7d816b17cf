/** Header and footer of every demo page. Not part of the package. */
const PAGES = [
  ['/', 'Home'],
  ['/playground.html', 'Playground'],
  ['/gallery/', 'Gallery'],
  ['/themes.html', 'Themes'],
  ['/rtc-user.html', 'Headless core'],
  ['/v5/', 'v5'],
  ['/docs/', 'Docs'],
];

/** Built without innerHTML, which pages with Trusted Types refuse. */
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

class SiteHeader extends HTMLElement {
  connectedCallback() {
    this.setAttribute('role', 'banner');
    const path = location.pathname.replace(/index\.html$/, '');
    const links = PAGES.map(([href, text]) => {
      const link = element('a', { href }, text);
      if (path === href) link.setAttribute('aria-current', 'page');
      return link;
    });
    const main = document.querySelector('main');
    main.id ||= 'content';
    const skip = element('a', { href: `#${main.id}`, className: 'skip' }, 'Skip to content');
    const mark = element('img', { src: '/favicon.svg', alt: '', width: 24, height: 24 });
    const nav = element('nav', { ariaLabel: 'Demo' }, ...links);
    this.replaceChildren(skip, element('a', { href: '/', className: 'brand' }, mark, 'nano-webcaster'), nav);
  }
}

class SiteFooter extends HTMLElement {
  connectedCallback() {
    this.setAttribute('role', 'contentinfo');
    const licence = element('a', { href: 'https://opensource.org/license/mit' }, 'MIT licence');
    this.replaceChildren(
      element('p', {}, 'nano-webcaster · ', licence, ' · A development server, not for production.'),
    );
  }
}

customElements.define('site-header', SiteHeader);
customElements.define('site-footer', SiteFooter);
