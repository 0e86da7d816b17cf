import { css } from 'lit';

/** The bar, and what the controls add to the line at the top. */
export const controls = css`
  .time {
    display: flex;
  }

  /* A size of its own, so that a second is laid out here alone. */
  .clock {
    contain: layout size;
    block-size: 1.25em;
    line-height: 1.25;
    text-align: center;
  }

  .spacer {
    flex: 1;
  }

  .corner {
    display: flex;
    gap: inherit;
    margin-inline-start: auto;
  }

  .bar {
    grid-area: 3 / 1;
    display: flex;
    flex-wrap: wrap;
    gap: var(--gap);
    align-items: center;
    padding: var(--gap);
    background: var(--surface);
    color: var(--text);
  }

  .main {
    flex: 1 0 100%;
  }

  .main[aria-disabled='true'] {
    background: color-mix(in oklab, var(--accent) 55%, var(--over));
    cursor: default;
  }

  .tool.off .level {
    visibility: hidden;
  }

  .main:not(.primary) {
    border-color: color-mix(in oklab, currentcolor 55%, transparent);
  }

  .notice[data-tone='live'],
  .end:hover,
  .danger {
    border-color: transparent;
    background: var(--live);
    color: var(--on-live);
  }

  .end:active,
  .danger:is(:hover, :active) {
    background: color-mix(in oklab, var(--live) 84%, #000);
    color: var(--on-live);
  }

  .tool {
    position: relative;
    padding: 0.25rem;
    border-color: transparent;
  }

  /* Readable on light, on dark, and over the video. */
  .tool.off {
    color: color-mix(in oklab, var(--live) 75%, currentcolor);
  }

  .tool.lost::after {
    content: '!' / '';
    position: absolute;
    inset-block-start: 0.25rem;
    inset-inline-start: 0.25rem;
    inline-size: 1rem;
    border-radius: 0.5rem;
    background: var(--warn);
    color: var(--on-warn);
    font-size: 0.75rem;
    font-weight: 700;
    line-height: 1rem;
    text-align: center;
  }

  .menu:hover,
  .tool:is([aria-expanded='true'], .on) {
    background: color-mix(in oklab, currentcolor 20%, transparent);
  }

  /* A button, and the list of devices beside it. */
  .split {
    display: flex;
  }

  .split .tool {
    border-start-end-radius: 0;
    border-end-end-radius: 0;
  }

  .menu {
    position: relative;
    display: grid;
    place-items: center;
    inline-size: 1.5rem;
  }

  .menu .icon,
  .top button .icon {
    inline-size: 1.25rem;
  }

  .menu select {
    position: absolute;
    inset: 0;
    min-block-size: 100%;
    padding: 0;
    border: 0;
    border-radius: var(--inner-radius);
    background: transparent;
    appearance: none;
    color: transparent;
    cursor: pointer;
  }

  .menu option {
    background: Canvas;
    color: CanvasText;
  }

  .level {
    position: absolute;
    inset-block: 0.625rem;
    inset-inline-end: 0.1875rem;
    inline-size: 0.1875rem;
    overflow: hidden;
    border-radius: 0.125rem;
    background: var(--line);
  }

  .level span {
    position: absolute;
    inset: 100% 0 -100%;
    background: var(--good);
    will-change: transform;
  }

  .top button {
    min-inline-size: 2.25rem;
    min-block-size: 1.75rem;
    padding: 0 0.375rem;
    border: 0;
    border-radius: 0.875rem;
    background: var(--over);
    color: var(--over-text);
  }

  .quality .empty {
    opacity: 0.3;
  }

  .quality[data-quality='medium'] .full {
    color: var(--warn);
  }

  .quality[data-quality='bad'] .full {
    color: var(--live);
  }

  /* Chromium ignores clicks on one that is too large, too pale, see-through or covered. */
  .permission {
    margin: 0.25rem;
    padding: 0.57em 0.86em;
    border-radius: var(--inner-radius);
    background: var(--accent);
    color: var(--on-accent);
    font: inherit;
    /* Its text never wraps: where it would be too wide, it is smaller. */
    font-size: min(1em, (100cqi - 3.5rem) / 18);
    font-weight: 600;
  }

  @container (min-width: 26rem) {
    .base[data-video] .bar {
      background: linear-gradient(transparent, oklch(15% 0.01 262 / 0.85) 40%);
      color: var(--over-text);
    }

    .bar {
      flex-wrap: nowrap;
      background: none;
    }

    .preview {
      grid-row-end: 4;
    }

    .main {
      flex: none;
      min-inline-size: 8.5rem;
    }
  }
`;
