import assert from 'node:assert/strict';
import type { Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { afterEach, test } from 'node:test';
import {
  MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RTCRtpReceiver,
  RtcpReceiverInfo,
  RtpHeader,
  RtpPacket,
  type RTCDtlsTransport,
} from 'werift';
import {
  applyReceiverRepairs,
  clampJitter,
  guardSockets,
  isCurrentCheck,
  persistInChecks,
  startTransportFeedback,
  takeOverConnecting,
  tolerateFailedSends,
} from '../../demo/server/werift-repairs.js';

applyReceiverRepairs();

const SSRC = 4711;
let receivers: RTCRtpReceiver[] = [];

/** A receiver of werift that gets packets by hand. */
function newReceiver(): RTCRtpReceiver {
  const feedback = [{ type: 'transport-cc' }, { type: 'nack' }];
  const codec = new RTCRtpCodecParameters({
    mimeType: 'video/VP8',
    clockRate: 90_000,
    payloadType: 96,
    rtcpFeedback: feedback,
  });
  const receiver = new RTCRtpReceiver({ debug: {} } as ConstructorParameters<typeof RTCRtpReceiver>[0], 'video', 1);
  receiver.prepareReceive({ codecs: [codec], encodings: [], headerExtensions: [] });
  receiver.addTrack(new MediaStreamTrack({ kind: 'video', ssrc: SSRC, codec, remote: true }));
  receivers.push(receiver);
  return receiver;
}

function packet(sequenceNumber: number, timestamp: number): RtpPacket {
  return new RtpPacket(new RtpHeader({ sequenceNumber, timestamp, payloadType: 96, ssrc: SSRC }), Buffer.alloc(10));
}

function statisticsOf(receiver: RTCRtpReceiver): { jitter: number; jitter_q4: number } {
  const { remoteStreams } = receiver as unknown as {
    remoteStreams: Record<number, { jitter: number; jitter_q4: number }>;
  };
  const statistics = remoteStreams[SSRC];
  assert.ok(statistics);
  return statistics;
}

afterEach(() => {
  for (const receiver of receivers) receiver.stop();
  receivers = [];
});

test('a jump of the RTP timestamp leaves a jitter that a receiver report can carry', () => {
  const receiver = newReceiver();
  const jumps = [0, 3000, 0xffffffff, 6000, 0x80000000, 9000, 1, 0xfffffff0];
  for (const [i, timestamp] of jumps.entries()) {
    receiver.handleRtpBySsrc(packet(i, timestamp), {});
    const { jitter } = statisticsOf(receiver);
    assert.ok(jitter >= 0 && jitter <= 90_000, String(jitter));
    const report = new RtcpReceiverInfo({
      ssrc: SSRC,
      fractionLost: 0,
      packetsLost: 0,
      highestSequence: i,
      jitter,
      lsr: 0,
      dlsr: 0,
    });
    assert.equal(report.serialize().readUInt32BE(12), jitter);
  }
});

test('an ordinary jitter is left alone, an impossible one is forgotten', () => {
  const after = (jitter: number) => {
    const statistics = { jitter_q4: jitter, clockRate: 48_000 };
    clampJitter(statistics);
    return statistics.jitter_q4;
  };
  assert.deepEqual([0, 1000, 16 * 48_000].map(after), [0, 1000, 16 * 48_000]);
  assert.deepEqual([-1, 16 * 48_000 + 1, 2 ** 40, NaN].map(after), [0, 0, 0, 0]);
});

test('lost packets are asked for across the turn of the sequence numbers, late ones are not', () => {
  const lostAfter = (numbers: number[]) => {
    const receiver = newReceiver();
    for (const number of numbers) receiver.handleRtpBySsrc(packet(number, 0), {});
    const { nack } = receiver as unknown as { nack: { lostSeqNumbers: number[]; newEstSeqNum: number } };
    return [nack.newEstSeqNum, ...nack.lostSeqNumbers];
  };
  assert.deepEqual(lostAfter([10, 11, 14]), [14, 12, 13]);
  assert.deepEqual(lostAfter([10, 14, 12]), [14, 11, 13]);
  assert.deepEqual(lostAfter([65_533, 65_534, 1]), [1, 0, 65_535]);
  assert.deepEqual(lostAfter([65_533, 65_534, 1, 65_535, 0]), [1]);
  assert.deepEqual(lostAfter([65_534, 65_535, 2, 65_533, 3]), [3, 0, 1]);
  assert.deepEqual(lostAfter([65_535, 0, 1, 2]), [2]);
});

test('the receiver no longer sends feedback of its own', () => {
  const receiver = newReceiver();
  for (let i = 0; i < 30; i++) receiver.handleRtpBySsrc(packet(i, i * 3000), {});
  assert.equal(receiver.receiverTWCC, undefined);
});

test('feedback is sent for the transport as a whole, only once it is connected, and stops', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const listeners: ((packet: RtpPacket) => void)[] = [];
  const sent: Buffer[] = [];
  const dtls = {
    state: 'connecting',
    onRtp: {
      subscribe: (listener: (packet: RtpPacket) => void) => {
        listeners.push(listener);
        return { unSubscribe: () => listeners.splice(listeners.indexOf(listener), 1) };
      },
    },
    sendRtcp: ([one]: { serialize(): Buffer }[]) => {
      if (one) sent.push(one.serialize());
      return Promise.resolve();
    },
  };
  const uri = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
  const pc = { extIdUriMap: { 5: uri } } as unknown as RTCPeerConnection;
  const stop = startTransportFeedback(pc, dtls as unknown as RTCDtlsTransport, 99);
  const arrive = (sequence: number, ssrc: number) => {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(sequence);
    const header = new RtpHeader({ ssrc, extensions: [{ id: 5, payload }] });
    for (const listener of listeners) listener(new RtpPacket(header, Buffer.alloc(1)));
  };
  arrive(100, 1);
  arrive(101, 2);
  context.mock.timers.tick(50);
  assert.equal(sent.length, 0);
  dtls.state = 'connected';
  context.mock.timers.tick(50);
  assert.equal(sent.length, 1);
  assert.deepEqual([sent[0]?.readUInt32BE(4), sent[0]?.readUInt16BE(12), sent[0]?.readUInt16BE(14)], [99, 100, 2]);
  context.mock.timers.tick(500);
  assert.equal(sent.length, 1);
  stop();
  assert.equal(listeners.length, 0);
});

test('only checks of the current ICE generation of both ends count', () => {
  const current = { localUsername: 'mine', remoteUsername: 'theirs' };
  const check = (username: unknown) => isCurrentCheck({ getAttributeValue: () => username as string }, current);
  assert.equal(check('mine:theirs'), true);
  for (const username of ['old:theirs', 'mine:new', 'mine', 'mine:', ':theirs', '', undefined, 7]) {
    assert.equal(check(username), false, String(username));
  }
});

test('a UDP socket that reports an error does not end the process', () => {
  const socket = new EventEmitter();
  const dtls = { iceTransport: { connection: { protocols: [{ transport: { socket } }, {}] } } };
  guardSockets(dtls as unknown as RTCDtlsTransport);
  guardSockets(dtls as unknown as RTCDtlsTransport);
  assert.equal(socket.listenerCount('error'), 1);
  socket.emit('error', new Error('send EACCES'));
});

test('a pair that the client has nominated is checked until the client answers', () => {
  const FAILED = 4;
  const SUCCEEDED = 3;
  const pairOf = (state: number, remoteNominated: boolean) => ({ state, remoteNominated });
  const outcome = (state: number, remoteNominated: boolean, agentState = 'completed', isOfNow = true) => {
    const pair = pairOf(state, remoteNominated);
    const done: string[] = [];
    const connection = {
      state: agentState,
      checkList: isOfNow ? [pair] : [pairOf(FAILED, true)],
      checkStart: () => done.push('check again'),
      checkComplete: () => done.push('complete'),
    };
    persistInChecks({ iceTransport: { connection } } as unknown as RTCDtlsTransport);
    connection.checkComplete.call(connection, ...([pair] as unknown as []));
    return done;
  };
  assert.deepEqual(outcome(FAILED, true), ['check again']);
  assert.deepEqual(outcome(FAILED, false), ['complete']);
  assert.deepEqual(outcome(SUCCEEDED, true), ['complete']);
  assert.deepEqual(outcome(FAILED, true, 'closed'), ['complete']);
  assert.deepEqual(outcome(FAILED, true, 'completed', false), [], 'of an earlier generation');
  assert.deepEqual(outcome(SUCCEEDED, true, 'completed', false), [], 'of an earlier generation');
});

test('a send that fails during the handshake, and that nobody awaits, is no unhandled rejection', async (context) => {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => void rejections.push(reason);
  process.on('unhandledRejection', note);
  context.after(() => process.off('unhandledRejection', note));
  const newPeer = () => {
    const pc = new RTCPeerConnection({
      iceServers: [],
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
    });
    context.after(() => pc.close());
    return pc;
  };
  const transportOf = ({ dtlsTransports: [dtls] }: RTCPeerConnection): RTCDtlsTransport => {
    assert.ok(dtls);
    return dtls;
  };
  const [client, server] = [newPeer(), newPeer()];
  client.addTransceiver('video', { direction: 'recvonly' });
  await client.setLocalDescription(await client.createOffer());
  assert.ok(client.localDescription);
  await server.setRemoteDescription(client.localDescription);
  transportOf(server).role = 'server';
  takeOverConnecting(server);
  await server.setLocalDescription(await server.createAnswer());
  takeOverConnecting(client);
  assert.ok(server.localDescription);
  await client.setRemoteDescription({ type: 'answer', sdp: server.localDescription.sdp });
  const ends = [client, server].map(transportOf);
  for (const end of ends) tolerateFailedSends(end);

  const { connection } = transportOf(server).iceTransport;
  const { protocols } = connection as unknown as { protocols: { transport: { socket: Socket } }[] };
  const closed = new Promise<void>((resolve) => {
    connection.onData.subscribe(() => {
      for (const { transport } of protocols.splice(0)) transport.socket.close();
      resolve();
    });
  });
  await Promise.all(ends.map(({ iceTransport }) => iceTransport.start()));
  for (const end of ends) end.start().catch(() => undefined);
  await closed;
  // The client's retransmissions end.
  context.after(() => Object.assign(transportOf(client).dtls?.dtls ?? {}, { flight: 9 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(rejections, []);
});
