import { css } from 'lit';

/** Design tokens, the frame and the stage: a grid of top line, message and bar, with the preview behind them. */
export const frame = css`
  :host {
    display: block;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  * {
    box-sizing: border-box;
    margin: 0;
  }

  .base {
    --text: var(--nano-webcaster-color, CanvasText);
    --surface: var(--nano-webcaster-background, Canvas);
    --accent: var(--nano-webcaster-accent, oklch(52% 0.2 262));
    --on-accent: var(--nano-webcaster-accent-color, #fff);
    --accent-hover: var(--nano-webcaster-accent-hover, color-mix(in oklab, var(--accent) 86%, #000));
    --accent-active: var(--nano-webcaster-accent-active, color-mix(in oklab, var(--accent) 74%, #000));
    --live: var(--nano-webcaster-live, oklch(54% 0.21 27));
    --on-live: var(--nano-webcaster-live-color, #fff);
    --warn: var(--nano-webcaster-warn, oklch(80% 0.15 80));
    --on-warn: var(--nano-webcaster-warn-color, oklch(22% 0.04 80));
    --good: var(--nano-webcaster-good, oklch(70% 0.17 150));
    --radius: var(--nano-webcaster-radius, 0.75rem);
    --inner-radius: var(--nano-webcaster-button-radius, calc(var(--radius) * 2 / 3));
    --gap: var(--nano-webcaster-gap, 0.5rem);
    --shadow: var(--nano-webcaster-shadow, 0 0.25rem 1.5rem oklch(0% 0 0 / 0.25));
    --line: color-mix(in oklab, currentcolor 24%, transparent);
    /* Between the accent and the text, so that it is visible on light and on dark. */
    --ring: color-mix(in oklab, var(--accent) 60%, currentcolor);
    /* What lies over the stage: the colours of the page while the stage is empty, dark glass over video. */
    --over: var(--surface);
    --over-text: var(--text);

    container-type: inline-size;
    contain-intrinsic-inline-size: 20rem;
    position: relative;
    overflow: hidden;
    border: var(--nano-webcaster-border, 1px solid color-mix(in oklab, currentcolor 18%, transparent));
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
    font: var(--nano-webcaster-font, 0.875rem / 1.45 system-ui, sans-serif);
    text-align: start;
  }

  .base[data-video] {
    --over: oklch(20% 0.01 262 / 0.8);
    --over-text: #fff;
  }

  .stage {
    position: relative;
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    background: var(--nano-webcaster-stage, color-mix(in oklab, var(--surface) 94%, var(--text)));
    color: var(--over-text);
  }

  .base[data-video] .stage {
    background: #000;
  }

  .preview {
    display: block;
    grid-area: 1 / 1 / 3 / 2;
    inline-size: 100%;
    aspect-ratio: var(--nano-webcaster-aspect-ratio, 16 / 9);
    min-block-size: 16rem;
    object-fit: contain;
    transition: opacity 0.15s;
  }

  .preview.mirrored {
    transform: scaleX(-1);
  }

  /* What is seen here does not reach anybody for now. */
  .base[data-status='reconnecting_broadcast'] .preview {
    opacity: 0.4;
  }

  .placeholder {
    grid-area: 1 / 1 / 3 / 2;
    place-self: center;
    opacity: 0.35;
    pointer-events: none;
  }

  /* A card may be see-through. */
  .stage:has(.card:not([hidden])) .placeholder {
    display: none;
  }

  .placeholder .icon {
    inline-size: clamp(2.5rem, 14cqi, 5rem);
  }

  .icon {
    flex: none;
    inline-size: 1.5rem;
    fill: currentcolor;
  }

  .icon .stroke {
    fill: none;
    stroke: currentcolor;
    stroke-linecap: round;
    stroke-linejoin: round;
    stroke-width: 2;
  }

  /* Leaves room for the slash. */
  .icon .cut {
    clip-path: polygon(0 10%, 90% 100%, 0 100%, 0 10%, 10% 0, 100% 0, 100% 90%, 10% 0);
  }

  /* Above the preview, which is a stacking context of its own while it is mirrored or dimmed. */
  .top,
  .middle,
  .bar {
    z-index: 1;
  }

  .top {
    grid-area: 1 / 1;
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
    align-items: start;
    padding: var(--gap);
    pointer-events: none;
  }

  .top > * {
    pointer-events: auto;
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
`;
