import { svg, type SVGTemplateResult } from 'lit';

/** The element's own icons: strokes on a square of 24. */
const ICONS = {
  live: 'M12 12h.01M8.5 15.5a5 5 0 0 1 0-7M15.5 8.5a5 5 0 0 1 0 7M5.6 18.4a9 9 0 0 1 0-12.8M18.4 5.6a9 9 0 0 1 0 12.8',
  stop: 'M7 7h10v10H7Z',
  retry: 'M4.5 12A7.5 7.5 0 1 0 7 6.4L4.5 8.5M4.5 4v4.5H9',
  microphone: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
  camera: 'M5 6.5h8a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2ZM15 10.5l6-3v9l-6-3',
  screen: 'M5 4.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2ZM12 16.5V20M8 20h8',
  settings: 'M4 7.5h8M18 7.5h2M15 5v5M4 16.5h2M12 16.5h8M9 14v5',
  stats: 'M4 4v16h16M8 15.5l3.5-5 3.5 3L19.5 8',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
} as const;

export type Icon = keyof typeof ICONS;

/** An icon, crossed out where what it stands for is off. Words have to stand beside it. */
export function icon(name: Icon, isOff = false): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d=${ICONS[name] + (isOff ? 'M4 4l16 16' : '')}></path>
  </svg>`;
}

/** Bars as of a phone's reception: all, two, or one of three. */
export function bars(filled: number): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    ${[0, 1, 2].map(
      (bar) => svg`<path class=${bar < filled ? 'full' : 'empty'} d=${`M${5 + bar * 7} 20v-${6 + bar * 5}`}></path>`,
    )}
  </svg>`;
}
