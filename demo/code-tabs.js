/** Shows one of several samples at a time, with a button that copies it. Not part of the package. */
export function showTabs(root) {
  const panels = [...root.querySelectorAll('[data-tab]')];
  const bar = Object.assign(document.createElement('div'), { className: 'tabs' });
  bar.setAttribute('role', 'tablist');
  const tabs = panels.map((panel, index) => {
    const tab = Object.assign(document.createElement('button'), { type: 'button', textContent: panel.dataset.tab });
    tab.setAttribute('role', 'tab');
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-label', panel.dataset.tab);
    // On a narrow screen it scrolls, which has to work by keyboard too.
    panel.querySelector('pre').tabIndex = 0;
    tab.addEventListener('click', () => show(index));
    tab.addEventListener('keydown', ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (step) show((index + step + tabs.length) % tabs.length).focus();
    });
    return tab;
  });
  const show = (chosen) => {
    for (const [index, tab] of tabs.entries()) {
      tab.setAttribute('aria-selected', index === chosen);
      tab.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    }
    return tabs[chosen];
  };
  const copy = Object.assign(document.createElement('button'), {
    type: 'button',
    textContent: 'Copy',
    className: 'copy',
  });
  copy.addEventListener('click', async () => {
    const code = panels.find(({ hidden }) => !hidden).textContent.trim();
    const isCopied = await navigator.clipboard.writeText(code).then(
      () => true,
      () => false,
    );
    copy.textContent = isCopied ? 'Copied' : 'Press Ctrl+C';
    setTimeout(() => (copy.textContent = 'Copy'), 2000);
  });
  bar.append(...tabs);
  root.prepend(bar, copy);
  show(0);
}
