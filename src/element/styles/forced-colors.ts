import { css } from 'lit';

/** Where the user's own colours are in force, borders and system colours say what colours say else. */
export const forcedColors = css`
  @media (forced-colors: active) {
    .light {
      border: 2px solid CanvasText;
      forced-color-adjust: none;
    }

    .main,
    .main.stop,
    .main:hover,
    .main.stop:hover,
    .toggle:is([aria-pressed='true'], [aria-expanded='true']),
    .choices :checked + span {
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }

    .time,
    .quality,
    .level {
      border: 1px solid CanvasText;
    }

    .level span {
      background: CanvasText;
      forced-color-adjust: none;
    }

    .chart {
      stroke: CanvasText;
    }
  }
`;
