import type { RtcUserEvent } from '../../core/api/events.js';
import type { Quality, Stats } from '../webcaster-core.js';

/** As many as a chart shows: a minute of them at the core's pace. */
const LENGTH = 60;

/** The last measured values of the live broadcast, and its bitrates of the last minute. */
export class StatsHistory {
  /** Called after every change. */
  onChange: () => void = () => undefined;
  latest: Stats | null = null;
  quality: Quality | undefined;
  /** The sum of all bitrates in kbps, oldest first. */
  bitrates: readonly number[] = [];

  /** Returns whether the verdict on the connection changed. */
  take({ results, quality }: RtcUserEvent<'ReceivedWebRTCStats'>['data']): boolean {
    const { videoBitrate = 0, audioBitrate = 0 } = results;
    const isChanged = quality !== this.quality;
    this.latest = results;
    this.quality = quality;
    this.bitrates = [...this.bitrates, videoBitrate + audioBitrate].slice(-LENGTH);
    this.onChange();
    return isChanged;
  }

  clear(): void {
    this.latest = null;
    this.quality = undefined;
    this.bitrates = [];
    this.onChange();
  }
}
