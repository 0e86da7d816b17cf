import type { ReconnectInfo } from '../core/events.js';

/** Everything the element says in words. */
export interface Strings {
  idle: string;
  signalling: string;
  connected: string;
  broadcasting: string;
  reconnecting: string;
  reconnecting_broadcast: string;
  /** The attempt under way, and the seconds until it begins: 0 once it has begun. */
  attempt: (reconnect: ReconnectInfo, seconds: number) => string;
  /** Stands before the reason. */
  failed: string;
  preview: string;
  start: string;
  stop: string;
  microphoneOff: string;
  cameraOff: string;
}

export const en: Strings = {
  idle: 'Not live',
  signalling: 'Connecting…',
  connected: 'Connected, waiting for the server…',
  broadcasting: 'Live',
  reconnecting: 'The server is reconnecting its output…',
  reconnecting_broadcast: 'Connection lost, reconnecting…',
  attempt: ({ attempt, maxRetries }, seconds) =>
    `Attempt ${attempt} of ${maxRetries} ${seconds > 0 ? `in ${seconds} s` : 'is under way'}`,
  failed: 'Not live',
  preview: 'Preview',
  start: 'Go live',
  stop: 'Stop',
  microphoneOff: 'Mute microphone',
  cameraOff: 'Turn camera off',
};

export const de: Strings = {
  idle: 'Nicht live',
  signalling: 'Verbindung wird aufgebaut …',
  connected: 'Verbunden, warte auf den Server …',
  broadcasting: 'Live',
  reconnecting: 'Der Server verbindet seine Ausgabe neu …',
  reconnecting_broadcast: 'Verbindung verloren, wird wiederhergestellt …',
  attempt: ({ attempt, maxRetries }, seconds) =>
    `Versuch ${attempt} von ${maxRetries} ${seconds > 0 ? `in ${seconds} s` : 'läuft'}`,
  failed: 'Nicht live',
  preview: 'Vorschau',
  start: 'Live gehen',
  stop: 'Beenden',
  microphoneOff: 'Mikrofon stummschalten',
  cameraOff: 'Kamera ausschalten',
};

/** The words for a language tag, English for languages that are not here, with a page's own in place of some. */
export function wordsFor(language: string, ownWords: Partial<Strings> | undefined): Strings {
  const words: Strings = /^de\b/i.test(language) ? de : en;
  const given = Object.entries(ownWords ?? {}).filter(([, word]) => word !== undefined);
  return { ...words, ...Object.fromEntries(given) };
}

/** The language that an element is in: that of its closest ancestor with `lang`, also outside its shadow tree. */
export function languageOf(element: Element): string {
  const closest = element.closest<HTMLElement>('[lang]');
  if (closest) return closest.lang;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? languageOf(root.host) : '';
}
