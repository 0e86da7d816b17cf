import { css } from 'lit';

/** The pill with the status, and the one message on the stage: a card, or a notice below the video's middle. */
export const message = css`
  .pill {
    display: flex;
    gap: 0.375rem;
    align-items: center;
    min-block-size: 1.75rem;
    max-inline-size: 100%;
    padding: 0.125rem 0.625rem;
    border-radius: 0.875rem;
    background: var(--over);
    color: var(--over-text);
    font-size: 0.8125rem;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }

  .pill .icon {
    inline-size: 1rem;
  }

  .pill[data-tone='live'] {
    background: var(--live);
    color: var(--on-live);
  }

  .pill[data-tone='warn'] {
    background: var(--warn);
    color: var(--on-warn);
  }

  .caps {
    letter-spacing: 0.04em;
    text-transform: uppercase;
  }

  .dot {
    flex: none;
    inline-size: 0.5rem;
    block-size: 0.5rem;
    border-radius: 50%;
    background: currentcolor;
    /* In steps: a smooth one would have the page drawn sixty times a second for as long as it is live. */
    animation: pulse 2s steps(6) infinite;
  }

  .pill[data-tone='off'] .dot {
    opacity: 0.5;
    animation: none;
  }

  @keyframes pulse {
    50% {
      opacity: 0.3;
    }
  }

  /* Its content never changes the size of the stage: what does not fit is scrolled to. */
  .middle {
    grid-area: 2 / 1;
    contain: size;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    padding-inline: var(--gap);
  }

  .base[data-plain] .middle {
    contain: none;
    min-block-size: 9rem;
  }

  .card,
  .notice {
    grid-area: 1 / 1;
    max-block-size: 100%;
    overflow: auto;
    color: var(--over-text);
    text-wrap: pretty;
    animation: appear 0.15s;
  }

  @keyframes appear {
    from {
      opacity: 0;
    }
  }

  .card {
    display: flex;
    flex-direction: column;
    gap: 0.25rem;
    align-items: center;
    place-self: center;
    max-inline-size: 26rem;
    padding: 0.75rem 1rem;
    border-radius: var(--radius);
    text-align: center;
    text-wrap: pretty;
    overflow-wrap: anywhere;
  }

  .base[data-video] .card {
    background: var(--over);
    box-shadow: var(--shadow);
  }

  .card > .icon {
    inline-size: 2rem;
  }

  /* A page may give the card another display. */
  .headline,
  .sentence,
  .progress {
    display: block;
  }

  .headline {
    font-size: 1rem;
    font-weight: 600;
    line-height: 1.3;
  }

  .progress {
    font-variant-numeric: tabular-nums;
    opacity: 0.8;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    justify-content: center;
    margin-block-start: 0.25rem;
  }

  .actions:empty {
    display: none;
  }

  details {
    font-size: 0.8125rem;
  }

  summary {
    display: inline-block;
    padding: 0.25rem 0;
    border-radius: var(--inner-radius);
    text-decoration: underline;
    text-underline-offset: 0.2em;
    cursor: pointer;
  }

  .notice {
    display: flex;
    gap: 0.5rem;
    align-items: center;
    place-self: end center;
    max-inline-size: 34rem;
    margin-block-end: var(--gap);
    padding: 0.375rem 0.75rem;
    border-radius: var(--inner-radius);
    background: var(--over);
    overflow-wrap: anywhere;
  }

  .notice .icon {
    inline-size: 1.25rem;
  }

  .notice[data-tone='warn'] .icon {
    color: var(--warn);
  }

  .notice :not([hidden]) + p {
    margin-block-start: 0.5rem;
  }

  /* Turns while there is nothing to count, and runs out before the next try. */
  .ring {
    inline-size: 2.5rem;
    fill: none;
    stroke: currentcolor;
    stroke-width: 3;
    transform: rotate(-90deg);
  }

  .ring circle:first-child {
    opacity: 0.25;
  }

  .ring circle:last-child {
    stroke-dasharray: 100;
    stroke-dashoffset: var(--gone, 75);
    stroke-linecap: round;
    transition: stroke-dashoffset 1s linear;
  }

  .ring.turning {
    animation: turn 1.2s linear infinite;
  }

  @keyframes turn {
    to {
      transform: rotate(270deg);
    }
  }

  /* So that the details are in sight below a headline of three lines. */
  @container (max-width: 18rem) {
    .card {
      gap: 0;
      padding: 0.25rem 0.5rem;
    }
  }

  @container (max-width: 30rem) {
    .card > svg {
      display: none;
    }
  }
`;
