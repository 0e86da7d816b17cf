import { settingsOf } from './attributes.js';
import type { CoreController, CoreHost } from './controllers/core-controller.js';
import type { ViewModel } from './controls/model.js';
import type { Status } from './webcaster-core.js';

/** The status that people see: what was lost is being reconnected until it is live again. */
export function shownStatus({ status, isLive }: CoreController): Status {
  return status === 'connected' && isLive ? 'reconnecting_broadcast' : status;
}

/** What there is to show of an element now. */
export function toViewModel(
  host: CoreHost,
  core: CoreController,
  steadyStatus: Status,
  areControlsMissing: boolean,
): ViewModel {
  const { isOffline, isStarting, mediaStream: stream, source, state } = core;
  const { troubles, failure, refusal, reconnect, endedAfter } = state;
  return {
    status: shownStatus(core),
    slot: core.status,
    steadyStatus,
    isOffline,
    isStarting,
    stream,
    isAudioOnly: stream ? hasOnlyAudio(stream) : host.source === 'camera' && host.videoDevice === 'none',
    isMirrored: source === 'camera' && !isFacingAway(stream),
    videoMuted: host.videoMuted,
    troubles: troubles.filter(
      ({ kind, problem }) => problem !== 'different' || kind === 'audioinput' || core.missesFormat,
    ),
    failure,
    refusal,
    reconnect,
    endedAfter,
    settings: settingsOf(host, 'token'),
    areControlsMissing,
  };
}

function hasOnlyAudio(stream: MediaStream): boolean {
  return stream.getAudioTracks().length > 0 && stream.getVideoTracks().length === 0;
}

/** Cameras of computers do not report where they face: at the person. */
function isFacingAway(stream: MediaStream | null): boolean {
  return stream?.getVideoTracks()[0]?.getSettings().facingMode === 'environment';
}
