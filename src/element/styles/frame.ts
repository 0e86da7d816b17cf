import { css } from 'lit';

/** The frame, the picture, and the status below it. */
export const frame = css`
  :host {
    display: block;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  .base {
    --text: var(--nano-webcaster-color, CanvasText);
    --accent: var(--nano-webcaster-accent, #0b57d0);
    --live: var(--nano-webcaster-live, #c62828);
    --waiting: var(--nano-webcaster-waiting, #c77700);
    --radius: var(--nano-webcaster-radius, 0.75rem);
    --gap: var(--nano-webcaster-gap, 0.75rem);
    --line: color-mix(in srgb, currentcolor 25%, transparent);
    /* Between the accent and the text, so that it is seen on light and on dark. */
    --ring: color-mix(in srgb, var(--accent) 60%, var(--text));

    container-type: inline-size;
    contain-intrinsic-inline-size: 20rem;
    position: relative;
    overflow: hidden;
    border: var(--nano-webcaster-border, 1px solid color-mix(in srgb, currentcolor 20%, transparent));
    border-radius: var(--radius);
    background: var(--nano-webcaster-background, Canvas);
    color: var(--text);
    font: var(--nano-webcaster-font, 1rem / 1.4 system-ui, sans-serif);
    text-align: start;
  }

  .stage {
    position: relative;
    display: grid;
    background: #000;
    color: #fff;
  }

  .preview {
    display: block;
    inline-size: 100%;
    aspect-ratio: var(--nano-webcaster-aspect-ratio, 16 / 9);
    object-fit: contain;
    transition: opacity 0.3s;
  }

  /* What is seen here does not reach anybody for now. */
  .base[data-status^='reconnecting'] .preview {
    opacity: 0.55;
  }

  .placeholder {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    color: #9a9a9a;
    pointer-events: none;
  }

  .placeholder .icon {
    inline-size: clamp(2rem, 12cqi, 4rem);
    block-size: auto;
  }

  .icon {
    flex: none;
    inline-size: 1.25rem;
    block-size: 1.25rem;
    fill: none;
    stroke: currentcolor;
    stroke-linecap: round;
    stroke-linejoin: round;
    stroke-width: 1.75;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: var(--gap);
    align-items: center;
    padding: var(--gap);
  }

  .status {
    display: flex;
    flex: 1 1 14rem;
    gap: 0.625rem;
    align-items: center;
    /* Room for what comes below the status, so that nothing jumps when it comes. */
    min-block-size: 2.8lh;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .light {
    flex: none;
    inline-size: 0.625rem;
    block-size: 0.625rem;
    border-radius: 50%;
    background: #808080;
    transition: background-color 0.3s;
  }

  .light[data-status='broadcasting'] {
    background: var(--live);
  }

  .light:is([data-status='signalling'], [data-status='connected'], [data-status^='reconnecting']) {
    background: var(--waiting);
    animation: waiting 1.6s ease-in-out 0.3s infinite;
  }

  .light[data-status='failed'] {
    border-radius: 0;
    background: var(--live);
    transform: rotate(45deg);
  }

  @keyframes waiting {
    50% {
      opacity: 0.35;
    }
  }

  .words {
    flex: 1;
    min-inline-size: 0;
  }

  .detail {
    display: block;
    margin: 0;
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
    opacity: 0.85;
  }

  .detail p {
    margin: 0;
  }

  .words button {
    margin-block-start: 0.375rem;
  }

  .facts {
    display: flex;
    gap: 0.5rem;
    align-items: center;
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }

  .stage .facts {
    position: absolute;
    inset-block-start: 0.5rem;
    inset-inline-start: 0.5rem;
  }

  .time,
  .quality {
    display: flex;
    align-items: center;
    block-size: 1.75rem;
    padding-inline: 0.5rem;
    border-radius: calc(var(--radius) / 2);
    background: #1c1c1c;
    color: #fff;
    transition: background-color 0.3s;
  }

  .base[data-status='broadcasting'] .time {
    background: var(--live);
    color: var(--nano-webcaster-live-color, #fff);
  }

  .quality .icon {
    stroke-width: 3.5;
  }

  .quality .empty {
    opacity: 0.3;
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
    *,
    ::before,
    ::after {
      transition: none !important;
      animation: none !important;
    }
  }
`;
