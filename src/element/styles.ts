import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  .base {
    --accent: var(--nano-webcaster-accent, #0b57d0);
    --radius: var(--nano-webcaster-radius, 0.75rem);

    overflow: hidden;
    border: 1px solid color-mix(in srgb, currentcolor 20%, transparent);
    border-radius: var(--radius);
    background: var(--nano-webcaster-background, Canvas);
    color: var(--nano-webcaster-color, CanvasText);
    font: var(--nano-webcaster-font, 1rem / 1.4 system-ui, sans-serif);
  }

  .preview {
    display: block;
    inline-size: 100%;
    aspect-ratio: 16 / 9;
    background: #000;
    object-fit: contain;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 0.75rem;
    align-items: center;
    padding: 0.625rem 0.75rem;
  }

  .status {
    display: flex;
    flex: 1 1 12rem;
    gap: 0.5rem;
    align-items: baseline;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .light {
    flex: none;
    inline-size: 0.625rem;
    block-size: 0.625rem;
    border-radius: 50%;
    background: GrayText;
  }

  .light[data-status='broadcasting'] {
    background: #d3302f;
  }

  .light:is([data-status='signalling'], [data-status='connected'], [data-status^='reconnecting']) {
    background: #c77700;
  }

  .light[data-status='failed'] {
    border-radius: 0;
    background: #d3302f;
    transform: rotate(45deg);
  }

  .attempt {
    display: block;
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }

  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }

  button {
    min-block-size: 2.25rem;
    padding: 0.25rem 0.875rem;
    border: 1px solid color-mix(in srgb, currentcolor 35%, transparent);
    border-radius: calc(var(--radius) / 1.5);
    background: transparent;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }

  button:hover {
    background: color-mix(in srgb, currentcolor 8%, transparent);
  }

  button:focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }

  button.start,
  button[aria-pressed='true'] {
    border-color: transparent;
    background: var(--accent);
    color: var(--nano-webcaster-accent-color, #fff);
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (forced-colors: active) {
    .light {
      border: 2px solid CanvasText;
      forced-color-adjust: none;
    }

    button.start,
    button[aria-pressed='true'] {
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
`;
