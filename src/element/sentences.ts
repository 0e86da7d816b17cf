import type { Settings } from './attributes.js';
import type { AskedFor, CaptureTrouble, Failure, FailureFacts, FailureTexts, ViewModel } from './controls/model.js';
import type { CaptureErrorName, StatusStrings } from './strings.js';

/** What happened, and what to do. */
export interface Message {
  readonly headline: string;
  readonly sentence: string;
}

/** Codes of wrong calls, and of pages without cameras, as on `http:`: only the author of the page can correct them. */
const SETUP_CODES: readonly number[] = [1001, 1002, 1003, 1004, 1006, 4001];

/** Codes of cameras and microphones that could not be opened. */
const DEVICE_CODES: readonly number[] = [6004, 6005];

/** Codes of what a network may have prevented: the connection, or the loading of the module that broadcasts. */
const CONNECTION_CODES: readonly number[] = [1000, 4000, 5001, 5002];

/** Statuses of a path that is no WHIP endpoint; a success without a session is one too. */
const ADDRESS_STATUSES: readonly number[] = [404, 405, 415];

/** Whether the page is wrong: the person on air can do nothing about it. */
function isSetupMistake({ code, message }: FailureFacts): boolean {
  // The text that the core has for a frame without permission; its code is that of a denial.
  return SETUP_CODES.includes(code) || (code === 6005 && message.includes('Permissions-Policy'));
}

/** Which headline and which sentence belong to a failure. */
export function classifyFailure(failure: FailureFacts): FailureTexts {
  const { step, code, causeName, asked, isBlockedBySystem } = failure;
  const byCode = code as FailureTexts['sentence'];
  if (isSetupMistake(failure)) return { headline: 'setup', sentence: 1002 };
  const sentence = (CONNECTION_CODES.includes(code) && sentenceByAnswer(failure)) || byCode;
  if (step === 'broadcast') return { headline: 'ended', sentence };
  const denial = isBlockedBySystem && 'blocked-by-system';
  if (code === 6008) return { headline: 'screen', sentence: denial || sentence };
  if (causeName === 'NotAllowedError') {
    const headline = asked === undefined ? 'devices' : (`blocked${asked}` as const);
    return { headline, sentence: denial || 'NotAllowedError' };
  }
  if (DEVICE_CODES.includes(code))
    return { headline: 'devices', sentence: (causeName as CaptureErrorName) || sentence };
  return { headline: step === 'preview' ? 'devices' : 'start', sentence };
}

/** What the server's answer, or the lack of one, shows of a connection that was not set up. */
function sentenceByAnswer({ code, message, causeStatus, isOffline }: FailureFacts): FailureTexts['sentence'] | false {
  if (causeStatus === null) return isOffline ? 'offline' : message.startsWith('broadcast.min.js') && 'not-loaded';
  const isWrongAddress = causeStatus < 400 || ADDRESS_STATUSES.includes(causeStatus);
  // Later ones may be answered otherwise the next time, as 409 and 429.
  return code === 5001 && (isWrongAddress ? 'wrong-address' : causeStatus < 409 && 102001);
}

/** A failure, for the person on air. */
export function failureMessage({ code, headline, sentence }: Failure, { failures, errors }: StatusStrings): Message {
  const byCode = errors[code as keyof typeof errors] as string | undefined;
  return { headline: failures[headline], sentence: errors[sentence] ?? byCode ?? errors[1000] };
}

/** Why something could not be opened while live; empty if nothing failed. */
export function refusalSentence({ refusal }: ViewModel, words: StatusStrings): string {
  return refusal ? joined(failureMessage(refusal, words)) : '';
}

/** Two sentences in one line; Japanese has a full stop of its own, and no space after it. */
export function joined({ headline, sentence }: Message): string {
  return headline + (sentence && (headline.slice(-1) > '\u3000' ? '。' : '. ') + sentence);
}

/** The status, for the person on air. */
export function statusMessage(model: ViewModel, words: StatusStrings): Message {
  const { status, failure, reconnect, isOffline, settings } = model;
  if (status === 'failed') {
    return failure ? failureMessage(failure, words) : { headline: words.failures.start, sentence: '' };
  }
  if (status !== 'reconnecting_broadcast') {
    const asked = `requesting${settings.source === 'screen' ? 'Screen' : askedFor(settings)}` as const;
    return { headline: words[status === 'requesting' ? asked : status], sentence: '' };
  }
  const sentence = isOffline ? words.offline : words.reconnecting_broadcast;
  return { headline: words.causes[reconnect?.cause ?? 'network'], sentence };
}

/** What the browser asks for by these settings. */
export function askedFor({ videoDevice, audioDevice }: Pick<Settings, 'videoDevice' | 'audioDevice'>): AskedFor {
  if (videoDevice === 'none') return 'Audio';
  return audioDevice === 'none' ? 'Video' : '';
}

/** What has become of a camera or microphone. */
export function troubleSentence(trouble: CaptureTrouble, words: StatusStrings): string {
  const { kind, problem, device, isScreen } = trouble;
  if (isScreen && problem === 'missing') return words.screenEnded;
  // A label may be written in another direction than the text around it.
  return words.capture[problem](kind, device && `\u2068${device}\u2069`);
}
