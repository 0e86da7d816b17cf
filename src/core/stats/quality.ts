import type { Quality, WebRTCResults } from '../api/events.js';

const QUALITIES = ['good', 'medium', 'bad'] as const satisfies Quality[];

/** Below this average, in kbps, video that the network limits is hardly watchable. */
const HARDLY_WATCHABLE = 150;

/**
 * How well the connection carries a broadcast. Good: up to 150 ms round trip and below 5 % loss; medium: up to 250 ms and
 * 10 %; bad: above. Medium at best if the browser has reduced the video for lack of bandwidth, bad below 150 kbps. The
 * worst of these counts; undefined while none is known.
 */
export function qualityOf(results: WebRTCResults): Quality | undefined {
  const { roundTripTime, packetLoss, qualityLimitationReason, videoBitrateAverage = Infinity } = results;
  const ranks: number[] = [];
  if (roundTripTime !== undefined) ranks.push(roundTripTime <= 150 ? 0 : roundTripTime <= 250 ? 1 : 2);
  if (packetLoss !== undefined) ranks.push(packetLoss < 5 ? 0 : packetLoss <= 10 ? 1 : 2);
  if (qualityLimitationReason === 'bandwidth') ranks.push(videoBitrateAverage < HARDLY_WATCHABLE ? 2 : 1);
  return ranks.length > 0 ? QUALITIES[Math.max(...ranks)] : undefined;
}
