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

const MARK = `
  <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
    <circle cx="12" cy="12" r="4" fill="var(--live)"/>
    <path d="M5.6 5.6a9 9 0 0 0 0 12.8M18.4 5.6a9 9 0 0 1 0 12.8" fill="none" stroke="currentColor"
      stroke-width="2.4" stroke-linecap="round"/>
  </svg>`;

class SiteHeader extends HTMLElement {
  connectedCallback() {
    const { pathname } = location;
    const path = pathname.replace(/index\.html$/, '');
    const links = PAGES.map(
      ([href, text]) => `<a href="${href}"${path === href ? ' aria-current="page"' : ''}>${text}</a>`,
    );
    this.innerHTML = `<a class="brand" href="/">${MARK}<span>nano-webcaster</span></a>
      <nav aria-label="Demo">${links.join('')}</nav>`;
  }
}

class SiteFooter extends HTMLElement {
  connectedCallback() {
    const source = customElements.get('nano-webcaster')?.version;
    this.innerHTML = `<p>nano-webcaster ${source ?? ''} · MIT licence · a development server, not for production</p>`;
  }
}

customElements.define('site-header', SiteHeader);
customElements.define('site-footer', SiteFooter);
