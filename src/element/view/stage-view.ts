import { html, type TemplateResult } from 'lit';
import { icon } from './icons.js';

/** What the picture shows, and what lies over it. */
export interface StageView {
  /** The name of the picture. */
  label: string;
  stream: MediaStream | null;
  videoMuted: boolean;
  /** Quality and time, or nothing. */
  facts: unknown;
  /** The button that opens the preview, or nothing; without it an icon holds its place. */
  button: TemplateResult | undefined;
}

export function stage({ label, stream, videoMuted, facts, button }: StageView): TemplateResult {
  const isCovered = stream ? videoMuted : !button;
  return html`<div class="stage" part="stage">
    <video
      class="preview"
      part="preview"
      aria-label=${label}
      autoplay
      playsinline
      tabindex="-1"
      .muted=${true}
      .srcObject=${stream}
    ></video>
    <div class="placeholder" ?hidden=${!isCovered}>${icon('camera', videoMuted)}</div>
    ${facts} ${button}
  </div>`;
}
