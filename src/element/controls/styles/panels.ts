import { css } from 'lit';

/** Settings and statistics, over the stage. */
export const panels = css`
  .panel {
    position: absolute;
    grid-area: 1 / 1 / 3 / 2;
    inset: 0;
    z-index: 2;
    display: flex;
    flex-direction: column;
    overflow: auto;
    overscroll-behavior: contain;
    scroll-padding: 3.25rem;
    background: var(--surface);
    color: var(--text);
    animation: appear 0.15s;
  }

  .panel header {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    display: flex;
    flex: none;
    align-items: center;
    justify-content: space-between;
    padding-block: 0.25rem;
    padding-inline: 1rem 0.25rem;
    background: var(--surface);
  }

  /* Fades out what goes on below. */
  .panel::after {
    position: sticky;
    inset-block-end: 0;
    min-block-size: 1.5rem;
    background: linear-gradient(transparent, var(--surface));
    pointer-events: none;
    content: '';
  }

  .panel header button {
    border: 0;
    padding: 0.25rem;
  }

  h2,
  h3,
  .advanced summary {
    font-size: 1rem;
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  /* A script has focused it, so that screen readers read it; Tab does not stop there. */
  h2 {
    outline: none;
  }

  h3,
  .advanced summary {
    font-size: 0.875rem;
  }

  .fields {
    display: grid;
    gap: 0.75rem;
    padding: 0 1rem;
  }

  .advanced .fields {
    padding: 0;
  }

  .panel label,
  fieldset {
    display: grid;
    gap: 0.25rem;
    min-inline-size: 0;
    padding: 0;
    border: 0;
  }

  legend {
    padding: 0;
    margin-block-end: 0.25rem;
  }

  .panel :is(label > span, legend, dt, .hint) {
    font-size: 0.8125rem;
    opacity: 0.8;
  }

  .panel .check {
    display: flex;
    gap: 0.5rem;
    align-items: center;
  }

  .check input {
    inline-size: 1.5rem;
    block-size: 1.5rem;
    accent-color: var(--accent);
  }

  select,
  textarea {
    inline-size: 100%;
    min-inline-size: 0;
    min-block-size: 2.75rem;
    padding: 0.25rem 0.625rem;
    border: 1px solid color-mix(in oklab, currentcolor 45%, transparent);
    border-radius: var(--inner-radius);
    background: var(--surface);
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
  :disabled .choices {
    opacity: 0.6;
  }

  input[type='range'] {
    inline-size: 100%;
    min-block-size: 1.5rem;
    accent-color: var(--accent);
  }

  /* One of several: the chosen one is filled. */
  .choices {
    display: flex;
    padding: 0.1875rem;
    border: 1px solid color-mix(in oklab, currentcolor 45%, transparent);
    border-radius: var(--inner-radius);
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
    opacity: 0;
    cursor: pointer;
  }

  .panel .choices span {
    display: grid;
    place-items: center;
    min-block-size: 2.25rem;
    padding-inline: 0.5rem;
    border-radius: calc(var(--inner-radius) - 0.1875rem);
    font-size: inherit;
    opacity: 1;
  }

  .choices :checked + span {
    background: var(--accent);
    color: var(--on-accent);
  }

  .choices input:focus-visible + span {
    outline: 3px solid var(--ring);
    outline-offset: 2px;
  }

  dl {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5em), 1fr));
    gap: 0.5rem 1rem;
  }

  dd,
  .axis {
    font-variant-numeric: tabular-nums;
  }

  /* A size of its own, so that a number is laid out here alone. */
  dd {
    contain: layout size;
    block-size: 1.4em;
    overflow: hidden;
    line-height: 1.4;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  figure {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0 0.5rem;
  }

  figcaption,
  .axis {
    font-size: 0.75rem;
    opacity: 0.8;
  }

  figcaption {
    grid-column: 1 / -1;
    margin-block-end: 0.25rem;
  }

  .axis {
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    min-inline-size: 3.5rem;
    text-align: end;
  }

  .chart {
    inline-size: 100%;
    block-size: 4.5rem;
    border-block: 1px solid var(--line);
    direction: ltr;
  }

  .chart polygon {
    fill: color-mix(in oklab, var(--ring) 25%, transparent);
  }

  .chart polyline {
    fill: none;
    stroke: var(--ring);
    stroke-linejoin: round;
    stroke-width: 2;
    vector-effect: non-scaling-stroke;
  }

  /* So that more than two fit where the panel is as high as the stage of a small element. */
  @container (max-width: 26rem) {
    .panel label[part='field']:has(select) {
      grid-template-columns: minmax(0, 1fr) minmax(0, 2fr);
      gap: 0.5rem;
      align-items: center;
    }

    /* A short label, and the longest options. */
    .panel label[part='field']:has([name='size']) {
      grid-template-columns: auto minmax(0, 1fr);
    }

    /* The panel covers the stage: whether this is live stays visible, before the panel's title. */
    .base:not([data-status='idle'], [data-status='failed']) .stage:has(.panel:not([hidden])) .top {
      z-index: 3;
    }

    .stage:has(.panel:not([hidden])) .top > :not([part='status']) {
      visibility: hidden;
    }

    .base:not([data-status='idle'], [data-status='failed']) .panel h2 {
      margin-inline-start: auto;
    }

    /* Here a number may be longer than its column. */
    dd {
      contain: none;
      block-size: auto;
      white-space: normal;
    }

    .fields {
      gap: 0.375rem;
    }
  }

  /* Here is no room for both. */
  @container (max-width: 22rem) {
    .base:not([data-status='idle'], [data-status='failed']) .panel h2 {
      opacity: 0;
    }
  }

  @container (min-width: 26rem) {
    .panel {
      inset: var(--gap) var(--gap) 0;
      inset-inline-start: auto;
      inline-size: min(24rem, 100% - 2 * var(--gap));
      block-size: fit-content;
      max-block-size: calc(100% - var(--gap));
      border: 1px solid var(--line);
      border-radius: var(--radius);
      box-shadow: var(--shadow);
    }
  }
`;
