import {
  IceCandidate,
  MediaStreamTrack,
  RTCIceParameters,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtcpTransportLayerFeedback,
  RtpHeader,
  RtpPacket,
  TransportWideCC,
  useSdesMid,
  useTransportWideCC,
} from 'werift';
import { sendCloseNotify, takeOverConnecting, tolerateFailedSends } from '../../../demo/server/werift-repairs.js';
import { until } from './server.js';

const FEEDBACK = [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'transport-cc' }];

/** A publisher or viewer without a browser: real ICE, DTLS and SRTP, made-up video. */
export class TestClient {
  readonly pc: RTCPeerConnection;
  readonly received: RtpPacket[] = [];
  feedbackPackets = 0;
  keyframeRequests = 0;
  sessionUrl = '';
  etag = '';
  readonly #track = new MediaStreamTrack({ kind: 'video' });
  // A receiver that misses packets before the first wrap can decrypt none after it (RFC 3711, section 3.3.1).
  #sequence = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(role: 'publish' | 'play', codecs = ['VP8']) {
    this.pc = new RTCPeerConnection({
      codecs: { audio: [], video: codecs.map((name) => codec(name)) },
      headerExtensions: { audio: [], video: [useSdesMid(), useTransportWideCC()] },
      bundlePolicy: 'max-bundle',
      iceServers: [],
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
    });
    if (role === 'publish') {
      const transceiver = this.pc.addTransceiver(this.#track, { direction: 'sendonly' });
      transceiver.sender.onPictureLossIndication.subscribe(() => this.keyframeRequests++);
    } else {
      this.pc.addTransceiver('video', { direction: 'recvonly' });
      this.pc.onTrack.subscribe((track) => track.onReceiveRtp.subscribe((packet) => this.received.push(packet)));
    }
  }

  get #dtls() {
    const [dtls] = this.pc.dtlsTransports;
    if (!dtls) throw new Error('no transport');
    return dtls;
  }

  get dtlsState(): string {
    return this.#dtls.state;
  }

  /** Sends the offer, changed by `edit`, and returns the response once media can flow. */
  async connect(endpoint: string, edit: (sdp: string) => string = (sdp) => sdp): Promise<Response> {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    const body = edit(this.pc.localDescription?.sdp ?? '');
    const response = await fetch(endpoint, { method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body });
    if (response.status !== 201) return response;
    this.sessionUrl = new URL(response.headers.get('Location') ?? '', endpoint).href;
    this.etag = response.headers.get('ETag') ?? '';
    takeOverConnecting(this.pc);
    await this.pc.setRemoteDescription({ type: 'answer', sdp: await response.text() });
    const dtls = this.#dtls;
    tolerateFailedSends(dtls);
    dtls.onRtcp.subscribe((packet) => {
      if (packet instanceof RtcpTransportLayerFeedback && packet.feedback instanceof TransportWideCC) {
        this.feedbackPackets++;
      }
    });
    const handshake = dtls.iceTransport.start().then(() => dtls.start());
    // A test that ends early awaits it no more, and then it gives up by itself ("over retransmitCount").
    handshake.catch(() => undefined);
    await handshake;
    return response;
  }

  /** Sends a made-up packet every 10 ms. */
  startSending(payloadSize = 500): void {
    this.#timer = setInterval(() => this.send(payloadSize), 10);
  }

  send(payloadSize = 500): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const timestamp = (this.#sequence * 900) >>> 0;
    const header = new RtpHeader({ sequenceNumber: this.#sequence, timestamp, payloadType: 96, marker: true });
    this.#track.writeRtp(new RtpPacket(header, Buffer.alloc(payloadSize, this.#sequence & 0xff)));
  }

  /** Restarts ICE as a browser does; the answer is applied. */
  async restartIce(): Promise<Response> {
    const ice = this.#dtls.iceTransport;
    ice.restart();
    await ice.gather();
    const { usernameFragment, password } = ice.localParameters;
    const candidates = ice.localCandidates.map((one) => `a=${one.toJSON().candidate ?? ''}`);
    const response = await this.patch('*', [`a=ice-ufrag:${usernameFragment}`, `a=ice-pwd:${password}`, ...candidates]);
    const text = await response.clone().text();
    const value = (name: string) => new RegExp(`^a=${name}:(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
    ice.setRemoteParams(new RTCIceParameters({ usernameFragment: value('ice-ufrag'), password: value('ice-pwd') }));
    for (const [, line = ''] of text.matchAll(/^a=(candidate:.*)$/gm)) {
      const candidate = IceCandidate.fromJSON({
        candidate: line.trim().replace(/ generation \d+/, ''),
        sdpMLineIndex: 0,
      });
      if (candidate) await ice.addRemoteCandidate(candidate);
    }
    ice.start().catch(() => undefined);
    await until('the restart of ICE', () => ice.state === 'connected');
    this.etag = response.headers.get('ETag') ?? '';
    return response;
  }

  patch(ifMatch: string | undefined, lines: string[]): Promise<Response> {
    return fetch(this.sessionUrl, {
      method: 'PATCH',
      headers: {
        'Content-Type': 'application/trickle-ice-sdpfrag',
        ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
      },
      body: [...lines, ''].join('\r\n'),
    });
  }

  delete(): Promise<Response> {
    return fetch(this.sessionUrl, { method: 'DELETE' });
  }

  /** Goes away without a word. */
  async vanish(): Promise<void> {
    clearInterval(this.#timer);
    await this.pc.close();
  }

  /** Goes away with a DTLS close. */
  async close(): Promise<void> {
    await sendCloseNotify(this.#dtls).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await this.vanish();
  }
}

function codec(name: string): RTCRtpCodecParameters {
  return new RTCRtpCodecParameters({ mimeType: `video/${name}`, clockRate: 90_000, rtcpFeedback: FEEDBACK });
}
