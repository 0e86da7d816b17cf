import type { RtcUserEvent } from '../../core/api/events.js';
import type { Quality, Stats } from '../webcaster-core.js';

/** As many as a chart shows: a minute of them at the core's pace. */
const LENGTH = 60;

/** What was measured of the live broadcast, and its bitrates of the last minute. */
export class StatsHistory {
  latest: Stats | null = null;
  quality: Quality | undefined;
  /** What was sent in all, in kbps, oldest first. */
  bitrates: readonly number[] = [];

  take({ results, quality }: RtcUserEvent<'ReceivedWebRTCStats'>['data']): void {
    const { videoBitrate = 0, audioBitrate = 0 } = results;
    this.latest = results;
    this.quality = quality;
    this.bitrates = [...this.bitrates, videoBitrate + audioBitrate].slice(-LENGTH);
  }

  clear(): void {
    this.latest = null;
    this.quality = undefined;
    this.bitrates = [];
  }
}
