import { nothing, svg, type SVGTemplateResult } from 'lit';

/** The element's own icons: filled shapes on a square of 24, with lines two units wide. */
const ICONS = {
  live: [
    'M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z',
    'M7.8 16.2a6 6 0 0 1 0-8.4M16.2 7.8a6 6 0 0 1 0 8.4M5 19a10 10 0 0 1 0-14M19 5a10 10 0 0 1 0 14',
  ],
  stop: ['M8 6h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2Z'],
  retry: ['M3 3v7h7Z', 'M5.5 8.5A7.5 7.5 0 1 1 4.7 14'],
  microphone: ['M12 2a4 4 0 0 1 4 4v5a4 4 0 0 1-8 0V6a4 4 0 0 1 4-4Z', 'M5 11a7 7 0 0 0 14 0M12 18v3M8.5 21.5h7'],
  camera: [
    'M4 6h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2ZM16.5 10.8l4-2.6a1 1 0 0 1 1.5.8v6a1 1 0 0 1-1.5.8l-4-2.6Z',
  ],
  screen: [
    'M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Zm8 3-4 4h2.7v3.5h2.6V11H16ZM7 19h10v2H7Z',
  ],
  settings: [
    'M10 2h4l.5 2.6 1.9 1.1 2.5-.9 2 3.4-2 1.8v2l2 1.8-2 3.4-2.5-.9-1.9 1.1L14 22h-4l-.5-2.6-1.9-1.1-2.5.9-2-3.4 2-1.8v-2l-2-1.8 2-3.4 2.5.9 1.9-1.1Zm2 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z',
  ],
  close: ['', 'M6 6l12 12M18 6L6 18'],
  more: ['', 'M7 10l5 5 5-5'],
  flip: ['M2 9l4-5 4 5ZM22 15l-4 5-4-5Z', 'M6 8v5a4 4 0 0 0 4 4h1M18 16v-5a4 4 0 0 0-4-4h-1'],
  warning: [
    'M12 2.5a1.5 1.5 0 0 1 1.3.8l9 16A1.5 1.5 0 0 1 21 21.5H3a1.5 1.5 0 0 1-1.3-2.2l9-16A1.5 1.5 0 0 1 12 2.5ZM11 9v5.5h2V9ZM11 16.5v2h2v-2Z',
  ],
  blocked: ['', 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM5.7 5.7l12.6 12.6'],
} as const satisfies Record<string, readonly [fill: string, stroke?: string]>;

export type Icon = keyof typeof ICONS;

/** An icon, crossed out if what it stands for is off. It is hidden from screen readers: put a text beside it. */
export function icon(name: Icon, isOff = false): SVGTemplateResult {
  const [fill, stroke]: readonly [string, string?] = ICONS[name];
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <g class=${isOff ? 'cut' : nothing}>
      <path d="M0 0h24v24H0Z" fill="none"></path>
      <path fill-rule="evenodd" d=${fill}></path>
      <path class="stroke" d=${stroke ?? ''}></path>
    </g>
    ${isOff ? svg`<path class="stroke" d="M3 3l18 18"></path>` : nothing}
  </svg>`;
}

/** A ring that turns, or that runs out: `live-nodes.ts` says which, and how much of it is gone. */
export function ring(): SVGTemplateResult {
  return svg`<svg class="ring turning" viewBox="0 0 36 36" aria-hidden="true">
    <circle cx="18" cy="18" r="15.9"></circle><circle cx="18" cy="18" r="15.9" pathLength="100"></circle>
  </svg>`;
}

/** Bars like a phone's reception: all, two, or one of three. */
export function bars(filled: number): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    ${[0, 1, 2].map(
      (bar) =>
        svg`<path class=${bar < filled ? 'full' : 'empty'} d=${`M${3 + bar * 7} 20v-${6 + bar * 5}h4v${6 + bar * 5}Z`}></path>`,
    )}
  </svg>`;
}
