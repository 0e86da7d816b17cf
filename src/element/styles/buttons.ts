import { css } from 'lit';

/** Every button, and the focus ring. */
export const buttons = css`
  button {
    display: inline-flex;
    gap: 0.5rem;
    align-items: center;
    justify-content: center;
    min-inline-size: 2.5rem;
    min-block-size: 2.5rem;
    padding: 0.25rem 0.875rem;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) / 1.5);
    background: transparent;
    color: inherit;
    font: inherit;
    cursor: pointer;
    transition:
      background-color 0.15s,
      border-color 0.15s;
  }

  button:hover {
    background: color-mix(in srgb, currentcolor 10%, transparent);
  }

  :is(button, select, textarea, input + span):focus-visible,
  input:focus-visible + span,
  .status:focus-visible {
    outline: 3px solid var(--ring);
    outline-offset: 2px;
  }
`;
