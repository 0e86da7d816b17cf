import { messageOf } from '../api/errors.js';
import { rtmpWarnings, withRtcpMuxOnly, withStereo, withWishes } from '../media/encoding.js';
import { withDeadline } from '../platform/timing.js';
import { createSession, type SessionRequest } from '../whip/publish.js';
import { fragmentSourceOf } from '../whip/sdp-fragment.js';
import { WhipError } from '../whip/whip-error.js';
import type { WhipSession } from '../whip/whip-session.js';
import { CandidateTrickle } from './candidate-trickle.js';
import type { Sending, SendingRequest } from './sending.js';

/** Milliseconds to gather candidates for an offer that has to have them. */
const GATHERING_DEADLINE = 1_500;
/** Milliseconds that the browser has for one step, which takes it a few. */
const STEP_DEADLINE = 10_000;

/** What a session is negotiated with. */
export interface NegotiationRequest extends SendingRequest, Omit<SessionRequest, 'offer' | 'signal'> {
  /** The page's own STUN and TURN servers of the moment; without any, the WHIP server's are used. */
  iceServers: () => RTCIceServer[];
}

/** The signals that bound a negotiation. */
export interface NegotiationSignals {
  /** Aborts the negotiation. */
  attempt: AbortSignal;
  /** Aborts the sending of late candidates. */
  candidates: AbortSignal;
}

/** What is still open after a negotiation. */
export interface Negotiated {
  /** Whether the server has the candidates; false after a refusal or a failure, null before the first answer. */
  hasCandidates: boolean | null;
}

/**
 * Publishes what `sending` sends over `peer` and takes the server's answer.
 * @param onSession receives the session as soon as it exists, so that a later failure can delete it
 * @throws WhipError, or the reason of the signal
 */
export async function negotiate(
  peer: RTCPeerConnection,
  sending: Sending,
  request: NegotiationRequest,
  signals: NegotiationSignals,
  onSession: (session: WhipSession) => void,
): Promise<Negotiated> {
  const { capabilities, encoding, world, log } = request;
  const { attempt: signal } = signals;
  const bitrates = request.bitrates();
  const trickle = new CandidateTrickle(peer, signals.candidates, world);
  sending.addTracks();
  if (peer.getTransceivers().length === 0) throw new WhipError('transport', 'There is nothing to send.');
  const late = () => new WhipError('transport', 'The browser took too long to negotiate.');
  // Some promises stay open for ever, as do those of a peer connection that is closed meanwhile.
  const inTime = <T>(step: () => Promise<T>) => withDeadline(step, STEP_DEADLINE, late, world, signal);
  const offer = await inTime(() => peer.createOffer());
  // The first offer goes out without candidates: a public server needs none, and its STUN and TURN servers, which
  // come with the answer, are known before gathering begins (RFC 9725 section 4.6).
  const isGatheredFirst = !capabilities.takesCandidates;
  if (isGatheredFirst) {
    useIceServers(peer, request, capabilities.iceServers);
    await inTime(() => peer.setLocalDescription(offer));
    await trickle.gathered(GATHERING_DEADLINE);
    signal.throwIfAborted();
  }
  const local = withRtcpMuxOnly(peer.localDescription?.sdp ?? offer.sdp ?? '');
  if (isGatheredFirst) trickle.skipFound();
  const sdp = encoding().stereo ? withStereo(local) : local;
  const session = await createSession({ ...request, offer: sdp, signal });
  onSession(session);
  // What an earlier session could not do proves nothing about this one. It is asked by the end of candidates at least.
  capabilities.takesCandidates = true;
  if (session.iceServers.length > 0) capabilities.iceServers = session.iceServers;
  useIceServers(peer, request, capabilities.iceServers);
  if (!isGatheredFirst) await inTime(() => peer.setLocalDescription(offer));
  await inTime(() => takeAnswer(peer, withWishes(session.answer, encoding(), bitrates)));
  const negotiated: Negotiated = { hasCandidates: null };
  const onFailure = () => (negotiated.hasCandidates = false);
  void trickleTo(session, trickle, sdp, signals.candidates, onFailure).then((isTaken) => {
    negotiated.hasCandidates = isTaken === true;
    if (isTaken === false) capabilities.takesCandidates = false;
  });
  for (const warning of rtmpWarnings(session.answer)) log.warn(warning);
  if (encoding().degradationPreference || request.bitrates() !== bitrates) {
    await inTime(() => sending.setBitrates());
  }
  return negotiated;
}

/** Sets the page's own STUN and TURN servers of the moment, or those of the server, for candidates gathered from now on. */
export function useIceServers(
  peer: RTCPeerConnection,
  { iceServers, log }: Pick<NegotiationRequest, 'iceServers' | 'log'>,
  ofServer: readonly RTCIceServer[],
): void {
  const own = iceServers();
  const usable: RTCIceServer[] = [];
  const use = (iceServers: RTCIceServer[]) => peer.setConfiguration({ ...peer.getConfiguration(), iceServers });
  if (peer.getConfiguration().iceServers?.length) use([]);
  for (const server of own.length > 0 ? own : ofServer) {
    try {
      use([...usable, server]);
      usable.push(server);
    } catch (error) {
      log.warn('An ICE server cannot be used:', error);
    }
  }
}

async function takeAnswer(peer: RTCPeerConnection, sdp: string): Promise<void> {
  // Afterwards Chromium does not list those that the server rejected.
  const offered = peer.getTransceivers();
  try {
    await peer.setRemoteDescription({ type: 'answer', sdp });
  } catch (error) {
    const reason = messageOf(error).slice(0, 200);
    throw new WhipError('protocol', `The server's answer cannot be used: ${reason}`, { cause: error });
  }
  const rejected = offered.filter(({ currentDirection }) => currentDirection !== 'sendonly');
  if (rejected.length > 0) {
    const kinds = rejected.map(({ receiver }) => receiver.track.kind).join(' and ');
    throw new WhipError('rejected', `The server does not take the ${kinds} of this broadcast.`);
  }
}

/**
 * Media may flow without our candidates, so a failure here never ends a broadcast.
 * @returns false if the server refused them readably; null if they got no answer, which proves nothing about the server
 */
async function trickleTo(
  session: WhipSession,
  trickle: CandidateTrickle,
  offer: string,
  signal: AbortSignal,
  onFailure: () => void,
): Promise<boolean | null> {
  const source = fragmentSourceOf(offer);
  if (!source) return false;
  return trickle.sendTo(session, source, onFailure).catch(() => (signal.aborted ? true : null));
}
