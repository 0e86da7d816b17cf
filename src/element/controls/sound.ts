/** What counts as silence, in decibels below full scale. */
const SILENCE = -60;

/** An audio track whose loudness is measured. */
export interface Sound {
  /** How loud it is now, from 0 (silence) to 1 (full scale). */
  level(): number;
  /** Leaves the track as it is. */
  close(): void;
}

/**
 * Listens to an audio track; undefined if the browser cannot.
 * @param samples how many samples each level covers, a power of two
 */
export function listenTo(track: MediaStreamTrack, samples: number): Sound | undefined {
  let opened: AudioContext | undefined;
  const close = () => void opened?.close().catch(closed);
  try {
    const context = (opened = new AudioContext());
    const analyser = new AnalyserNode(context, { fftSize: samples });
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const values = new Float32Array(samples);
    const level = () => {
      // Browsers let a page listen only once the user has done something on it.
      if (context.state === 'suspended' && navigator.userActivation?.hasBeenActive) void context.resume().catch(closed);
      analyser.getFloatTimeDomainData(values);
      return levelOf(values);
    };
    return { level, close };
  } catch {
    // No AudioContext, or one too many; Firefox takes no track of another sample rate (Mozilla bug 1674892).
    close();
    return undefined;
  }
}

function closed(): void {
  // It was closed before it had started.
}

/** The loudness of samples between -1 and 1, on a scale of decibels from 0 to 1. */
export function levelOf(samples: Float32Array): number {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  const decibels = 10 * Math.log10(power / samples.length);
  return Math.min(1, Math.max(0, 1 - decibels / SILENCE));
}
