/** A time as a clock shows it: `0:07`, `12:34`, `1:02:03`. */
export function clock(duration: number): string {
  const seconds = Math.floor(duration);
  const pair = (value: number) => String(value % 60).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}:${pair(minutes)}:${pair(seconds)}` : `${minutes}:${pair(seconds)}`;
}
