import { css } from 'lit';

/** Buttons and what is on them. */
export const controls = css`
  .controls {
    display: flex;
    flex: 1 1 100%;
    flex-wrap: wrap;
    gap: 0.5rem;
  }

  .main {
    flex: 1 1 100%;
    border-color: transparent;
    background: var(--accent);
    color: var(--nano-webcaster-accent-color, #fff);
    font-weight: 600;
  }

  .main.stop {
    background: var(--live);
    color: var(--nano-webcaster-live-color, #fff);
  }

  .main:hover {
    background: color-mix(in srgb, var(--accent) 88%, #000);
  }

  .main.stop:hover {
    background: color-mix(in srgb, var(--live) 88%, #000);
  }

  .toggle {
    flex: 1 1 2.5rem;
    padding-inline: 0.5rem;
  }

  .toggle[aria-pressed='true'],
  .toggle[aria-expanded='true'] {
    border-color: transparent;
    background: color-mix(in srgb, var(--text) 88%, transparent);
    color: var(--nano-webcaster-background, Canvas);
  }

  .level {
    position: relative;
    flex: none;
    inline-size: 0.25rem;
    block-size: 1.25rem;
    overflow: hidden;
    border-radius: 0.125rem;
    background: var(--line);
  }

  .level span {
    position: absolute;
    inset: 0;
    background: var(--nano-webcaster-good, #2e9e4f);
    transform: scaleY(var(--level, 0));
    transform-origin: bottom;
    transition: transform 0.08s linear;
  }

  .stage button {
    position: absolute;
    inset: 0;
    max-inline-size: calc(100% - 1rem);
    inline-size: fit-content;
    block-size: fit-content;
    margin: auto;
    border-color: #6b6b6b;
    background: #1c1c1c;
    color: #fff;
  }

  .stage button:hover {
    background: #333;
  }

  .stage button:focus-visible {
    outline-color: #fff;
  }

  .stage .corner {
    inset-block: 0.5rem auto;
    inset-inline: auto 0.5rem;
    margin: 0;
    padding: 0.25rem;
  }

  @container (min-width: 26rem) {
    .main {
      flex: 1 1 8.5rem;
    }

    .toggle {
      flex: none;
    }
  }

  @container (min-width: 44rem) {
    .controls {
      flex: none;
    }

    .main {
      flex: none;
      min-inline-size: 8.5rem;
    }
  }
`;
