import type { LossCause, ReconnectInfo } from '../core/api/events.js';
import { en } from './languages/en.js';
import { languages } from './languages/registry.js';
import type { CaptureProblem, DeviceKind, Quality } from './webcaster-core.js';

/** Everything the element says in words. */
export interface Strings {
  /** The direction that the language is written in. */
  dir: 'ltr' | 'rtl';

  /** While nothing is broadcast. */
  idle: string;
  /** While the first connection is being set up. */
  signalling: string;
  /** While the server has not acknowledged media yet. */
  connected: string;
  /** While live. */
  broadcasting: string;
  /** While the server reconnects its RTMP output. */
  reconnecting: string;
  /** While the client reconnects. */
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

  /** The label of the preview. */
  preview: string;
  /** Opens the preview. */
  showPreview: string;
  /** Closes the preview. */
  closePreview: string;
  /** Starts the broadcast. */
  start: string;
  /** Ends the broadcast. */
  stop: string;
  /** Tries again after a failure. */
  retry: string;
  /** Mutes the microphone. */
  microphoneOff: string;
  /** Turns the camera off. */
  cameraOff: string;
  /** Stands before the time since the broadcast began, for screen readers. */
  liveFor: string;
  /** The quality of the connection. */
  quality: Record<Quality, string>;

  /** Opens the settings. */
  settings: string;
  /** The label of the source. */
  source: string;
  /** The sources to choose from. */
  sources: Record<'camera' | 'screen', string>;
  /** The label of the cameras. */
  videoDevice: string;
  /** The label of the microphones. */
  audioDevice: string;
  /** Leaves the choice to the browser. */
  automatic: string;
  /** No device. */
  none: string;
  /** The label of the resolutions. */
  resolution: string;
  /** The label of the frame rates. */
  framerate: string;
  /** The label of the maximum video bitrate. */
  videoBitrate: string;
  /** The label of the maximum audio bitrate. */
  audioBitrate: string;
  /** The label of the audio modes. */
  audioMode: string;
  /** The audio modes to choose from. */
  audioModes: Record<'speech' | 'music', string>;
  /** Said while live of the settings that hold from the next start. */
  locked: string;

  /** Opens the statistics. */
  statistics: string;
  /** The labels of the statistics. */
  stats: Record<StatLabel, string>;
  /** The chart in words; the bitrates come with their unit. */
  chart: (now: string, least: string, most: string) => string;
  /** Copies the diagnostics. */
  copy: string;
  /** Confirms that the diagnostics were copied. */
  copied: string;
  /** Where the clipboard is out of reach, above the text to copy. */
  copyByHand: string;
}

export type StatLabel = 'video' | 'audio' | 'picture' | 'framerate' | 'packetLoss' | 'roundTripTime' | 'sendDelay';

/** Some of the words, and within groups of words some of these. */
export type OwnStrings = {
  [Name in keyof Strings]?: Strings[Name] extends string | ((...args: never[]) => string)
    ? Strings[Name]
    : Partial<Strings[Name]>;
};

export interface Language {
  /** The tag under which the language was added. */
  tag: string;
  words: Strings;
}

/** The words for a language tag, English for languages that are not there, with a page's own in place of some. */
export function languageFor(tag: string, ownWords: OwnStrings | undefined): Language {
  const subtags = tag.toLowerCase().split('-');
  const tags = subtags.map((_, index) => subtags.slice(0, subtags.length - index).join('-'));
  const known = tags.find((candidate) => languages.words.has(candidate)) ?? 'en';
  const words = merge(en, languages.words.get(known) ?? {});
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
