import { withStartBitrate } from '../media/encoding.js';
import { withDeadline } from '../platform/timing.js';
import { HEDGE_AFTER, HTTP_DEADLINE } from '../whip/http.js';
import { fragmentSourceOf, withIce } from '../whip/sdp-fragment.js';
import { isUnanswered, WhipError } from '../whip/whip-error.js';
import type { WhipSession } from '../whip/whip-session.js';
import type { World } from '../platform/world.js';
import { CandidateTrickle } from './candidate-trickle.js';

/** Milliseconds to gather candidates before the request goes out; what is found later follows it. */
const GATHERING_DEADLINE = 100;

export interface IceRestart {
  peer: RTCPeerConnection;
  session: WhipSession;
  world: World;
  /** The video bitrate to go on with, in kbps; null if unknown. */
  videoBitrate: number | null;
  /** Ends the restart. */
  signal: AbortSignal;
  /** Ends the sending of late candidates. */
  life: AbortSignal;
}

/**
 * Restarts ICE within a session, so that media, encoder and viewers stay as they are (RFC 9725 section 4.3.3). Where no
 * answer comes it starts again, and with other credentials, since the server may have answered what was lost.
 * @throws WhipError where the server does not restart; the old path is in force again then
 */
export async function restartIce(restart: IceRestart): Promise<void> {
  const { peer, world, signal } = restart;
  const late = () => new WhipError('timeout', 'No answer came.');
  const attempt = (milliseconds: number) =>
    withDeadline((deadline) => negotiate(restart, deadline), milliseconds, late, world, signal);
  try {
    await attempt(HEDGE_AFTER).catch((error: unknown) => {
      if (!isUnanswered(error)) throw error;
      return attempt(HTTP_DEADLINE.PATCH);
    });
  } catch (error) {
    await rollBack(peer);
    throw error;
  }
}

async function negotiate({ peer, session, world, videoBitrate, life }: IceRestart, signal: AbortSignal): Promise<void> {
  await rollBack(peer);
  const trickle = new CandidateTrickle(peer, life, world);
  const offer = await peer.createOffer({ iceRestart: true });
  signal.throwIfAborted();
  await peer.setLocalDescription(offer);
  await trickle.gathered(GATHERING_DEADLINE);
  const source = fragmentSourceOf(offer.sdp ?? '');
  if (!source) throw new WhipError('protocol', 'The offer has no ICE.');
  const ice = await session.restart(trickle.take(source), signal);
  signal.throwIfAborted();
  const answer = withIce(peer.remoteDescription?.sdp ?? '', ice);
  const sdp = videoBitrate ? withStartBitrate(answer, videoBitrate) : answer;
  await peer.setRemoteDescription({ type: 'answer', sdp });
  void trickle.sendTo(session, source).catch(() => undefined);
}

/** Until the answer to an offer is there, the old path stays in force, and the offer can be taken back. */
async function rollBack(peer: RTCPeerConnection): Promise<void> {
  if (peer.signalingState !== 'have-local-offer') return;
  // An aborted restart may be taking its offer back right now.
  await peer.setLocalDescription({ type: 'rollback' }).catch(() => undefined);
}
