import { css } from 'lit';

/** In forced colours, borders and system colours show what colours show otherwise. */
export const forcedColors = css`
  @media (forced-colors: active) {
    .base[data-video] .bar,
    .top button {
      background: Canvas;
      color: CanvasText;
    }

    .tool:is([aria-expanded='true'], .on),
    .choices :checked + span,
    .danger {
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }

    .quality[data-quality] .full {
      color: CanvasText;
    }

    .main[aria-disabled='true'] {
      border-color: GrayText;
      background: Canvas;
      color: GrayText;
      forced-color-adjust: none;
    }

    .level,
    .top button {
      border: 1px solid CanvasText;
    }

    .level span {
      background: CanvasText;
      forced-color-adjust: none;
    }

    .menu select {
      background: transparent;
      forced-color-adjust: none;
    }

    .chart {
      stroke: CanvasText;
    }
  }
`;
