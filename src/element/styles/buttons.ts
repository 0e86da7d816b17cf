import { css } from 'lit';

/** Buttons, and the ring around whatever has the focus. */
export const buttons = css`
  button {
    display: inline-flex;
    flex: none;
    gap: 0.5rem;
    align-items: center;
    justify-content: center;
    min-inline-size: 2.75rem;
    min-block-size: 2.75rem;
    max-inline-size: 100%;
    padding: 0.25rem 0.875rem;
    border: 1px solid var(--line);
    border-radius: var(--inner-radius);
    background: transparent;
    color: inherit;
    font: inherit;
    font-weight: 600;
    cursor: pointer;
    transition:
      background-color 0.15s,
      border-color 0.15s,
      color 0.15s;
  }

  button:hover {
    background: color-mix(in oklab, currentcolor 14%, transparent);
  }

  button:active {
    background: color-mix(in oklab, currentcolor 22%, transparent);
  }

  .primary {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
  }

  .primary:hover {
    background: var(--accent-hover);
  }

  .primary:active {
    background: var(--accent-active);
  }

  :where(:focus-visible) {
    outline: 3px solid var(--ring);
    outline-offset: 2px;
  }
`;
