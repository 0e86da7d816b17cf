import type { LossCause, ReconnectInfo } from '../core/api/events.js';
import { languages } from './languages/registry.js';
import type { CaptureProblem, DeviceKind, Quality } from './webcaster-core.js';

/** The element's text without controls. */
export interface StatusStrings {
  /** The direction that the language is written in. */
  dir: 'ltr' | 'rtl';

  idle: string;
  requesting: string;
  signalling: string;
  connected: string;
  broadcasting: string;
  reconnecting: string;
  reconnecting_broadcast: string;
  /** Stands before the reason. */
  failed: string;
  /** Why the connection was lost. */
  causes: Record<LossCause, string>;
  /** While the connection is being repaired in its session. */
  repair: string;
  /** The attempt under way, and the seconds until it begins: 0 once it has begun. */
  attempt: (reconnect: ReconnectInfo, seconds: number) => string;
  /**
   * Why it has failed, by the code of the error, or by the name of the browser's own error that was its cause. What is
   * not here is said by the error's message, in English.
   */
  errors: Record<string, string | undefined>;
  /** What has become of a camera or microphone; `device` is the label of the one in use, where it is known. */
  capture: Record<CaptureProblem, (kind: DeviceKind, device: string) => string>;

  preview: string;
  retry: string;
  /** Said once the diagnostics are on the clipboard. */
  copied: string;
  /** Shown if the module of the controls could not be loaded. */
  controlsMissing: string;
}

/** The text of the controls; its English is part of their module. */
export interface ControlsStrings {
  showPreview: string;
  closePreview: string;
  start: string;
  stop: string;
  /** Asked before a live broadcast ends, with its two answers. */
  confirmStop: string;
  confirm: string;
  keepGoing: string;
  microphoneOff: string;
  cameraOff: string;
  /** Stands before the time since the broadcast began, for screen readers. */
  liveFor: string;
  quality: Record<Quality, string>;

  settings: string;
  source: string;
  sources: Record<'camera' | 'screen', string>;
  videoDevice: string;
  audioDevice: string;
  /** Leaves the choice to the browser. */
  automatic: string;
  /** No device. */
  none: string;
  resolution: string;
  framerate: string;
  videoBitrate: string;
  audioBitrate: string;
  audioMode: string;
  audioModes: Record<'speech' | 'music', string>;
  /** Said while live of the settings that hold from the next start. */
  locked: string;

  statistics: string;
  stats: Record<StatLabel, string>;
  /** The chart in words; the bitrates come with their unit. */
  chart: (now: string, least: string, most: string) => string;
  copy: string;
  /** Where the clipboard is out of reach, above the text to copy. */
  copyByHand: string;
}

/** All text of the element. */
export interface Strings extends StatusStrings, ControlsStrings {}

export type StatLabel = 'video' | 'audio' | 'picture' | 'framerate' | 'packetLoss' | 'roundTripTime' | 'sendDelay';

/** Some of the words, and within groups of words some of these. */
export type OwnStrings = {
  [Name in keyof Strings]?: Strings[Name] extends string | ((...args: never[]) => string)
    ? Strings[Name]
    : Partial<Strings[Name]>;
};

export interface Language<Words extends StatusStrings = Strings> {
  /** The tag under which the language was added. */
  tag: string;
  words: Words;
}

/** The text for a language tag, `english` if the language is unknown, with a page's own in place of some. */
export function languageFor<Words extends StatusStrings>(
  tag: string,
  ownWords: OwnStrings | undefined,
  english: Words,
): Language<Words> {
  const subtags = tag.toLowerCase().split('-');
  const tags = subtags.map((_, index) => subtags.slice(0, subtags.length - index).join('-'));
  const known = tags.find((candidate) => languages.words.has(candidate)) ?? 'en';
  const words = merge(english, languages.words.get(known) ?? {});
  return { tag: known, words: merge(words, ownWords ?? {}) };
}

function merge<Words extends object>(words: Words, others: object): Words {
  const merged = { ...words } as Record<string, unknown>;
  for (const [name, other] of Object.entries(others)) {
    const own = merged[name];
    const isGroup = typeof own === 'object' && typeof other === 'object' && own && other;
    if (other !== undefined) merged[name] = isGroup ? merge(own, other) : other;
  }
  return merged as Words;
}
