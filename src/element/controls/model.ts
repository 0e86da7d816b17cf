import type { DeviceList, ReconnectInfo } from '../../core/api/events.js';
import type { Settings } from '../attributes.js';
import type { Failure as Headline, StatusStrings } from '../strings.js';
import type { CaptureProblem, DeviceKind, Quality, Stats, Status } from '../webcaster-core.js';

/** A camera or microphone that is not as it was chosen. */
export interface CaptureTrouble {
  readonly kind: DeviceKind;
  /** `ended`: `missing` of a custom `MediaStream`, about which the person can do nothing. */
  readonly problem: CaptureProblem | 'ended';
  /** The screen was captured, and not a camera. */
  readonly isScreen: boolean;
  /** The label of the device in use; empty if unknown. */
  readonly device: string;
}

/** Why viewers get less: too slow a network, a busy device, or a network that loses or delays much. */
export type QualityReason = 'bandwidth' | 'cpu' | 'unstable';

export interface QualityVerdict {
  readonly level: Quality;
  /** Undefined if nothing is reduced. `cpu` is no property of the connection: `level` may be good. */
  readonly reason: QualityReason | undefined;
}

/** What a prompt of the browser is about; empty for camera and microphone. */
export type AskedFor = 'Audio' | 'Video' | '';

/** What is known of a failure. */
export interface FailureFacts {
  /** `preview`: nothing was broadcast; `start`: going live; `broadcast`: a live broadcast ended for good. */
  readonly step: 'preview' | 'start' | 'broadcast';
  readonly code: number;
  /** Name of the browser's own error behind it, such as `NotAllowedError`; empty if there is none. */
  readonly causeName: string;
  /** The HTTP status of the server's answer; null if there was none. */
  readonly causeStatus: number | null;
  /** The browser reported that it was offline. */
  readonly isOffline: boolean;
  /** What was asked for; undefined where another device was chosen while live. */
  readonly asked: AskedFor | undefined;
  /** The operating system blocks camera or microphone for the whole browser. */
  readonly isBlockedBySystem: boolean;
  /** The technical text, in English, for "Details". */
  readonly message: string;
}

/** Which headline and which sentence belong to a failure. */
export interface FailureTexts {
  /** `setup`: the page is wrong; the person on air can do nothing about it. */
  readonly headline: Headline;
  readonly sentence: keyof StatusStrings['errors'];
}

/** What failed last. */
export interface Failure extends FailureFacts, FailureTexts {}

/** What the browser lets this page do; `unknown` if the browser does not report it. */
export type Permission = PermissionState | 'unknown';

export type Panel = 'settings' | 'stats';

/** State of the controls themselves. */
export interface ControlsState {
  readonly openPanel: Panel | null;
  /** The person pressed End and has not confirmed it yet. */
  readonly isConfirmingStop: boolean;
  /** The broadcast is muted, and the person speaks. */
  readonly isSpeechMuted: boolean;
  /** Chromium's `<usermedia>` has not failed twice. */
  readonly canAskHere: boolean;
  /** The diagnostics were just copied. */
  readonly isCopied: boolean;
  /** The diagnostics to copy by hand; empty if the clipboard works. */
  readonly diagnostics: string;
}

/**
 * What the element shows, as one immutable object; a new one is made for every render. Values that change every second or
 * faster are written into single nodes and never cause a render.
 */
export interface ViewModel {
  /** What people see: what was lost is being reconnected until it is live again. */
  readonly status: Status;
  /** Which slot is shown: that of the core's status. */
  readonly slot: Status;
  /** `status` without transitional values that lasted less than 300 ms: for what must not flicker. */
  readonly steadyStatus: Status;
  /** The browser reports that it is offline. */
  readonly isOffline: boolean;
  /** From the call of `start()` until the server acknowledges media, also while the browser asks for permission. */
  readonly isStarting: boolean;

  readonly stream: MediaStream | null;
  /** There is nothing to see: of the stream, or while there is none, by the settings. */
  readonly isAudioOnly: boolean;
  /** The camera faces the person: show the preview mirrored. */
  readonly isMirrored: boolean;
  readonly videoMuted: boolean;

  /** The newest last; at most one of a kind. */
  readonly troubles: readonly CaptureTrouble[];
  readonly failure: Failure | null;
  /** What was chosen while live and could not be opened, for some seconds. */
  readonly refusal: Failure | null;
  readonly reconnect: ReconnectInfo | null;
  /** Duration in seconds of the broadcast that ended, until the next start; null if none ended in this page. */
  readonly endedAfter: number | null;

  /** Every setting but the token. */
  readonly settings: Readonly<Omit<Settings, 'token'>>;
  /** The module of the controls could not be loaded; it is tried again when the browser is back online. */
  readonly areControlsMissing: boolean;
}

/** The same with what only the controls show. */
export interface ControlsModel extends ViewModel {
  /** Starting, live or reconnecting: there is something to stop. */
  readonly isActive: boolean;
  /** Viewers see the broadcast, or will again. */
  readonly isLive: boolean;

  /** What `stream` shows; `page` if the page gave its own `mediaStream`. */
  readonly source: 'camera' | 'screen' | 'page';
  /** The person has chosen a screen, and it is still shared. */
  readonly isSharingScreen: boolean;
  /** The person may open and close the preview. */
  readonly canPreview: boolean;
  /** The browser can capture the screen, and the source is not the page's. */
  readonly canShareScreen: boolean;
  readonly muted: boolean;
  /** Neither a microphone nor other audio, as of a screen, is wanted or in the page's stream. */
  readonly isVideoOnly: boolean;
  readonly devices: DeviceList;
  /** Labels of devices that are or were there, by id. */
  readonly labels: Readonly<Record<string, string>>;
  /** Chromium's `<usermedia>` works here: it can ask again after a denial. */
  readonly hasPermissionElement: boolean;
  /** Only known while the broadcast is measured. */
  readonly quality: QualityVerdict | undefined;

  readonly controls: ControlsState;
}

/** The last measured values; written once a second while the statistics are open. */
export interface MeasuredValues {
  readonly stats: Stats | null;
  /** Bitrates of the last minute in kbps, oldest first. */
  readonly bitrates: readonly number[];
}

/** What the person can do without controls; also what commands and system buttons do. Nothing here throws or rejects. */
export interface Actions {
  /** Goes live; does nothing while starting or live. */
  start(): void;
  /** Ends the broadcast at once, or cancels the start. */
  stop(): void;
  /** Does again what has failed. */
  retry(): void;
  openPreview(): void;
  closePreview(): void;
  mute(isMuted: boolean): void;
  muteVideo(isMuted: boolean): void;
  /** Switches to the screen, or back to the camera; while live too. */
  shareScreen(isShared: boolean): void;
  /** The stream of Chromium's `<usermedia>`: permission was granted, and what failed is tried again. */
  usePermission(stream: MediaStream | null): void;
  /** Sets the settings given; devices at once, others from the next start. */
  choose(settings: Partial<Settings>): void;
}

/** What the person can do with controls. */
export interface ControlsActions extends Actions {
  /** The button End: asks first while live, cancels a start at once. */
  askToStop(): void;
  /** The answer to the question. */
  confirmStop(): void;
  keepGoing(): void;
  /** Opens a panel, or closes it if it is open; null closes all. */
  toggle(panel: Panel | null): void;
  copyDiagnostics(): void;
  /** The browser's own button did not work: after the second time, the usual one takes its place. */
  permissionElementFailed(): void;
}
