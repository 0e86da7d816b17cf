import { css } from 'lit';

/** The settings and the statistics. */
export const panels = css`
  .panel {
    display: grid;
    gap: var(--gap);
    padding: var(--gap);
    border-block-start: 1px solid var(--line);
  }

  .fields,
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr));
    gap: var(--gap);
    margin: 0;
  }

  label,
  fieldset {
    display: grid;
    gap: 0.25rem;
    align-content: start;
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  legend {
    padding: 0;
    margin-block-end: 0.25rem;
  }

  .panel :is(label > span, legend, dt) {
    font-size: 0.875em;
    opacity: 0.85;
  }

  select,
  textarea {
    inline-size: 100%;
    min-inline-size: 0;
    min-block-size: 2.5rem;
    padding: 0.25rem 0.5rem;
    border: 1px solid color-mix(in srgb, currentcolor 45%, transparent);
    border-radius: calc(var(--radius) / 1.5);
    background: var(--nano-webcaster-background, Canvas);
    color: inherit;
    font: inherit;
    text-overflow: ellipsis;
  }

  textarea {
    font:
      0.75rem / 1.4 ui-monospace,
      monospace;
    direction: ltr;
    resize: vertical;
  }

  select:disabled,
  fieldset:disabled {
    opacity: 0.6;
  }

  /* One button of several: the choice that holds is filled. */
  .choices {
    display: flex;
    flex-wrap: wrap;
    padding: 0.1875rem;
    border: 1px solid color-mix(in srgb, currentcolor 45%, transparent);
    border-radius: calc(var(--radius) / 1.5);
  }

  .panel .choices label {
    position: relative;
    flex: 1;
    min-inline-size: max-content;
  }

  .choices input {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }

  .panel .choices span {
    display: grid;
    place-items: center;
    min-block-size: 2rem;
    padding-inline: 0.5rem;
    border-radius: calc(var(--radius) / 2);
    font-size: inherit;
    opacity: 1;
  }

  .choices :checked + span {
    background: color-mix(in srgb, var(--text) 88%, transparent);
    color: var(--nano-webcaster-background, Canvas);
  }

  dl {
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 9rem), 1fr));
  }

  dt,
  dd {
    margin: 0;
  }

  dd {
    font-variant-numeric: tabular-nums;
  }

  .panel > button {
    justify-self: start;
  }

  .chart {
    inline-size: 100%;
    block-size: 4rem;
    border-block-end: 1px solid var(--line);
    fill: none;
    stroke: var(--ring);
    stroke-linejoin: round;
    stroke-width: 2;
  }

  .chart polyline {
    vector-effect: non-scaling-stroke;
  }
`;
