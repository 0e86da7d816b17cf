import { css } from 'lit';

/** In forced colours, borders and system colours show what colours show otherwise. */
export const forcedColors = css`
  @media (forced-colors: active) {
    .pill,
    .notice,
    .base[data-video] .card {
      border: 1px solid CanvasText;
      background: Canvas;
      color: CanvasText;
    }

    .pill[data-tone='live'],
    .primary {
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }

    /* Icons keep their colours otherwise. */
    .notice[data-tone] .icon {
      color: CanvasText;
    }

    .ring {
      stroke: CanvasText;
    }
  }
`;
