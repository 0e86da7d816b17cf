import type { Quality, WebRTCResults } from '../api/events.js';

const QUALITIES = ['good', 'medium', 'bad'] as const satisfies Quality[];

/**
 * How well the connection carries a broadcast: good up to 150 ms round trip and below 5 % loss, medium up to 250 ms and
 * 10 %, bad above. The worse of the two counts; undefined while neither is known.
 */
export function qualityOf({ roundTripTime, packetLoss }: WebRTCResults): Quality | undefined {
  const ranks: number[] = [];
  if (roundTripTime !== undefined) ranks.push(roundTripTime <= 150 ? 0 : roundTripTime <= 250 ? 1 : 2);
  if (packetLoss !== undefined) ranks.push(packetLoss < 5 ? 0 : packetLoss <= 10 ? 1 : 2);
  return ranks.length > 0 ? QUALITIES[Math.max(...ranks)] : undefined;
}
