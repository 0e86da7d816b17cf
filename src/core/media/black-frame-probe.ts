import { wait } from '../platform/timing.js';
import type { World } from '../platform/world.js';

/** Milliseconds between two looks, and how many in a row have to show nothing. */
const LOOK_EVERY = 1_000;
const PATIENCE = 5;
/** Of 255: video has its black at 16, and a camera some noise on it. */
const DARKEST = 20;

/** What one look at the video shows. */
export interface Look {
  /** Frames that came so far; Firefox counts none of a video that is not shown, so 0 proves nothing. */
  frames: number;
  /** The brightest value of any colour, 0 to 255. */
  brightest: number;
}

/** Whether the video shows nothing: no frame since the look before, or a black one. */
export function isNothing(before: Look, now: Look): boolean {
  const isFrozen = now.frames > 0 && now.frames === before.frames;
  return isFrozen || now.brightest <= DARKEST;
}

/**
 * Reports when a camera shows nothing for some seconds, and when it shows something again. Muted tracks are not judged,
 * nor any in a hidden page, which browsers show no frames in.
 */
export async function probeForBlackFrames(
  track: MediaStreamTrack,
  world: World,
  signal: AbortSignal,
  onVerdict: (isSilent: boolean) => void,
): Promise<void> {
  const video = world.createVideo();
  const context = video && world.createCanvas()?.getContext('2d', { willReadFrequently: true });
  if (!context) return;
  const stream = world.createStream();
  stream.addTrack(track);
  Object.assign(video, { muted: true, playsInline: true, srcObject: stream });
  signal.addEventListener('abort', () => (video.srcObject = null));
  const { canvas } = context;
  Object.assign(canvas, { width: 16, height: 9 });
  let before: Look | null = null;
  let nothings = 0;
  try {
    for (;;) {
      await wait(LOOK_EVERY, world, signal);
      const isJudged = track.enabled && !track.muted && !video.ownerDocument.hidden;
      const { paused } = video;
      if (!isJudged || paused) before = null;
      // A browser may stop it with the page, and refuse it before anybody has touched the page.
      // Refused or cut short, it is asked for again at the next look.
      if (isJudged && paused) video.play().catch(() => undefined);
      if (!isJudged || paused) continue;
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const now: Look = {
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
        brightest: data.reduce((most, value, index) => (index % 4 === 3 ? most : Math.max(most, value)), 0),
      };
      const wasSilent = nothings >= PATIENCE;
      nothings = before && isNothing(before, now) ? nothings + 1 : before ? 0 : nothings;
      before = now;
      if (wasSilent !== nothings >= PATIENCE) onVerdict(!wasSilent);
    }
  } catch {
    // The track is no longer monitored.
  }
}
