import { claimsOf, type BroadcastTarget } from './endpoint.js';
import { RtcUserError } from './errors.js';
import { VIDEO_CODECS, type VideoCodec } from './media/encoding.js';

export interface StartBroadcastConfig {
  transcodingTargets?: BroadcastTarget;
  /** Replaces the token of `signIn`, and the targets. */
  jwt?: string;
  encoding?: {
    /** The codec to send where browser and server can. Default `h264`. */
    videoCodec?: VideoCodec;
  };
}

/** @throws RtcUserError 1003 where the codec is not one of ours */
export function videoCodecOf({ encoding }: StartBroadcastConfig): VideoCodec {
  const { videoCodec = 'h264' } = encoding ?? {};
  if (VIDEO_CODECS.includes(videoCodec)) return videoCodec;
  throw new RtcUserError(1003, `encoding.videoCodec must be one of ${VIDEO_CODECS.join(', ')}.`);
}

/** What the page says of the target. A JWT of the broadcast's own names the target itself. */
export function namedTarget({ jwt, transcodingTargets }: StartBroadcastConfig): BroadcastTarget {
  const { output, streamname } = (!jwt && transcodingTargets) || {};
  return { ...(output && { output }), ...(streamname && { streamname }) };
}

/** What events tell of the target: what the page says, else what its token claims. */
export function targetOf(config: StartBroadcastConfig, sessionToken: string | undefined): BroadcastTarget {
  return { ...claimsOf(config.jwt || sessionToken), ...namedTarget(config) };
}
