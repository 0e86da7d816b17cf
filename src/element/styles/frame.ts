import { css } from 'lit';

/** The frame and the stage: a grid of top line, message and bar, with the preview behind them. */
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
