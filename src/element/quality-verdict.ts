import type { QualityVerdict } from './controls/model.js';
import type { Quality, Stats } from './webcaster-core.js';

/** How good the connection is, and why viewers get less than they could. */
export function toVerdict(level: Quality | undefined, stats: Stats | null): QualityVerdict | undefined {
  if (!level) return undefined;
  const limitation = stats?.qualityLimitationReason;
  if (limitation === 'cpu' || limitation === 'bandwidth') return { level, reason: limitation };
  return { level, reason: level === 'good' ? undefined : 'unstable' };
}
