import { css } from 'lit';

/** Colours and other design tokens, by the custom properties of the page or their defaults. */
export const theme = css`
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
  }

  .base[data-video] {
    --over: oklch(20% 0.01 262 / 0.8);
    --over-text: #fff;
  }
`;
