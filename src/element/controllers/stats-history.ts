import type { RtcUserEvent } from '../../core/api/events.js';
import type { QualityVerdict } from '../controls/model.js';
import { toVerdict } from '../quality-verdict.js';
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

  /** What the quality means for the person on air. */
  get verdict(): QualityVerdict | undefined {
    return toVerdict(this.quality, this.latest);
  }

  /** Returns whether the verdict changed. */
  take({ results, quality }: RtcUserEvent<'ReceivedWebRTCStats'>['data']): boolean {
    const { videoBitrate = 0, audioBitrate = 0 } = results;
    const before = this.verdict;
    this.latest = results;
    this.quality = quality;
    const { verdict } = this;
    const isChanged = before?.level !== verdict?.level || before?.reason !== verdict?.reason;
    this.bitrates = [...this.bitrates, videoBitrate + audioBitrate].slice(-LENGTH);
    this.onChange();
    return isChanged;
  }

  /** What was measured last no longer applies. */
  forget(): void {
    this.latest = null;
    this.quality = undefined;
    this.onChange();
  }

  clear(): void {
    this.bitrates = [];
    this.forget();
  }
}
