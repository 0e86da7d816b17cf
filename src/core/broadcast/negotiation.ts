import { messageOf } from '../api/errors.js';
import { rtmpWarnings, withRtcpMuxOnly, withWishes } from '../media/encoding.js';
import { untilAborted } from '../platform/timing.js';
import { createSession, type SessionRequest } from '../whip/publish.js';
import { fragmentSourceOf } from '../whip/sdp-fragment.js';
import { WhipError } from '../whip/whip-error.js';
import type { WhipSession } from '../whip/whip-session.js';
import { CandidateTrickle } from './candidate-trickle.js';
import type { Sending, SendingRequest } from './sending.js';

/** Milliseconds to gather candidates for an offer that has to have them. */
const GATHERING_DEADLINE = 1_500;

/** What a session is negotiated with. */
export interface NegotiationRequest extends SendingRequest, Omit<SessionRequest, 'offer' | 'signal'> {
  /** The page's own STUN and TURN servers; without any, the WHIP server's are used. */
  iceServers: RTCIceServer[];
}

/** The signals that bound a negotiation. */
export interface NegotiationSignals {
  /** Aborts the negotiation. */
  attempt: AbortSignal;
  /** Aborts the sending of late candidates. */
  candidates: AbortSignal;
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
): Promise<void> {
  const { capabilities, iceServers, encoding, world, log } = request;
  const { attempt: signal } = signals;
  const bitrates = request.bitrates();
  const trickle = new CandidateTrickle(peer, signals.candidates, world);
  sending.addTracks();
  if (peer.getTransceivers().length === 0) throw new WhipError('transport', 'There is nothing to send.');
  // A peer connection that is closed meanwhile leaves its promises open for ever.
  const offer = await untilAborted(peer.createOffer(), signal);
  // The first offer goes out without candidates: a public server needs none, and its STUN and TURN servers, which
  // come with the answer, are known before gathering begins (RFC 9725 section 4.6).
  const isGatheredFirst = !capabilities.takesCandidates;
  if (isGatheredFirst) {
    await untilAborted(peer.setLocalDescription(offer), signal);
    await trickle.gathered(GATHERING_DEADLINE);
    signal.throwIfAborted();
  }
  const sdp = withRtcpMuxOnly(peer.localDescription?.sdp ?? offer.sdp ?? '');
  const session = await createSession({ ...request, offer: sdp, signal });
  onSession(session);
  if (!isGatheredFirst) {
    if (iceServers.length === 0) useIceServers(peer, session.iceServers, log);
    await untilAborted(peer.setLocalDescription(offer), signal);
  }
  await untilAborted(takeAnswer(peer, withWishes(session.answer, encoding, bitrates)), signal);
  if (!isGatheredFirst) void trickleTo(session, trickle, sdp, request, signals.candidates);
  for (const warning of rtmpWarnings(session.answer)) log.warn(warning);
  if (encoding.degradationPreference || request.bitrates() !== bitrates) await sending.setBitrates();
}

function useIceServers(peer: RTCPeerConnection, iceServers: RTCIceServer[], log: NegotiationRequest['log']): void {
  for (const server of iceServers) {
    try {
      const { iceServers: used = [], ...configuration } = peer.getConfiguration();
      peer.setConfiguration({ ...configuration, iceServers: [...used, server] });
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

/** Media may flow without our candidates, so a failure here never ends a broadcast. */
async function trickleTo(
  session: WhipSession,
  trickle: CandidateTrickle,
  offer: string,
  { capabilities }: NegotiationRequest,
  signal: AbortSignal,
): Promise<void> {
  const source = fragmentSourceOf(offer);
  const isTaken = source && (await trickle.sendTo(session, source).catch(() => signal.aborted));
  if (!isTaken) capabilities.takesCandidates = false;
}
