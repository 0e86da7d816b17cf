import { nothing, svg, type SVGTemplateResult } from 'lit';
import * as shapes from './shapes.js';

/** An icon, crossed out if what it stands for is off. It is hidden from screen readers: put a text beside it. */
export function icon([fill, line]: shapes.Shape, isOff = false): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <g class=${isOff ? 'cut' : nothing}>
      <path d="M0 0h24v24H0Z" fill="none"></path>
      <path fill-rule="evenodd" d=${fill}></path>
      <path class="stroke" d=${line ?? ''}></path>
    </g>
    ${isOff ? svg`<path class="stroke" d="M3 3l18 18"></path>` : nothing}
  </svg>`;
}

/** A ring that turns, or that runs out: `live-nodes.ts` decides which, and how much of it is gone. */
export function ring(): SVGTemplateResult {
  return svg`<svg class="ring turning" viewBox="0 0 36 36" aria-hidden="true">
    <circle cx="18" cy="18" r="15.9"></circle><circle cx="18" cy="18" r="15.9" pathLength="100"></circle>
  </svg>`;
}

/** What the controls show too: they get it from the element, so that only one of the files has it. */
export const icons = {
  icon,
  ring,
  shapes: {
    microphone: shapes.microphone,
    camera: shapes.camera,
    screen: shapes.screen,
    warning: shapes.warning,
    ofRequest: shapes.ofRequest,
  },
};

export type Icons = typeof icons;
