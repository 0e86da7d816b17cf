import type { Kind } from './fake-media.js';

const CODECS: Record<Kind, string[]> = {
  audio: ['111 opus/48000/2', '0 PCMU/8000'],
  video: ['102 H264/90000', '96 VP8/90000'],
};

const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join('');

/** An offer in a browser's own words, one m-section for each kind. */
export function offerOf(kinds: readonly Kind[], ufrag: string): string {
  const sections = kinds.map((kind, mid) => {
    const codecs = CODECS[kind];
    return lines(
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${codecs.map((codec) => codec.split(' ')[0]).join(' ')}`,
      'c=IN IP4 0.0.0.0',
      'a=rtcp:9 IN IP4 0.0.0.0',
      `a=ice-ufrag:${ufrag}`,
      `a=ice-pwd:password-of-${ufrag}-0123456789`,
      'a=ice-options:trickle',
      'a=fingerprint:sha-256 00:11:22:33',
      'a=setup:actpass',
      `a=mid:${mid}`,
      'a=sendonly',
      `a=msid:stream ${kind}`,
      'a=rtcp-mux',
      ...codecs.map((codec) => `a=rtpmap:${codec}`),
    );
  });
  return (
    lines(
      'v=0',
      'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
      's=-',
      't=0 0',
      `a=group:BUNDLE ${kinds.map((_, mid) => mid).join(' ')}`,
      'a=msid-semantic: WMS stream',
    ) + sections.join('')
  );
}

/** The candidates of one m-line, as `RTCIceCandidate` has them. */
export function candidatesOf(ufrag: string, mid = '0', count = 2) {
  return Array.from({ length: count }, (_, index) => ({
    candidate: `candidate:${index + 1} 1 udp 2122260223 192.0.2.${index + 1} 5000${index} typ host ufrag ${ufrag}`,
    sdpMid: mid,
    sdpMLineIndex: Number(mid),
    usernameFragment: ufrag,
  }));
}

/** The answer to an offer; the `rejected` kinds are not taken. */
export function answerTo(offer: string, rejected: readonly Kind[] = []): string {
  const [session = '', ...sections] = offer.split(/(?=^m=)/m);
  const answers = sections.map((section) => {
    const isRejected = rejected.some((kind) => section.startsWith(`m=${kind}`));
    return section
      .replace(/^a=(msid|rtcp):.*\r\n/gm, '')
      .replace('a=setup:actpass', 'a=setup:passive')
      .replace(/^a=ice-ufrag:.*$/m, 'a=ice-ufrag:server')
      .replace('a=sendonly', isRejected ? 'a=inactive' : 'a=recvonly')
      .replace(/^m=(\w+) 9/, isRejected ? 'm=$1 0' : 'm=$1 9');
  });
  return session + answers.join('');
}

/** What a fragment of RFC 8840 says, read line by line and without any help of the code under test. */
export interface ReadFragment {
  sessionLines: string[];
  mediaLines: string[];
  mid: string | undefined;
  ufrag: string | undefined;
  pwd: string | undefined;
  candidates: string[];
  isLast: boolean;
  /** What stands in a fragment and has no business there. */
  unknown: string[];
}

export function readFragment(body: string): ReadFragment {
  const read: ReadFragment = {
    sessionLines: [],
    mediaLines: [],
    mid: undefined,
    ufrag: undefined,
    pwd: undefined,
    candidates: [],
    isLast: false,
    unknown: [],
  };
  const all = body.split('\r\n');
  if (all.pop() !== '') read.unknown.push('no line end at the end');
  for (const line of all) {
    const [name = '', value = ''] = splitAt(line, ':');
    if (line.startsWith('m=')) read.mediaLines.push(line);
    else if (name === 'a=ice-options' || name === 'a=group') read.sessionLines.push(line);
    else if (name === 'a=mid') read.mid = value;
    else if (name === 'a=ice-ufrag') read.ufrag = value;
    else if (name === 'a=ice-pwd') read.pwd = value;
    else if (name === 'a=candidate') read.candidates.push(`candidate:${value}`);
    else if (line === 'a=end-of-candidates') read.isLast = true;
    else read.unknown.push(line);
  }
  return read;
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** What a good server answers to its nth restart of ICE. */
export function fragmentAnswer(restart: number): string {
  return lines(
    'a=ice-options:trickle',
    'a=group:BUNDLE 0 1',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=mid:0',
    `a=ice-ufrag:server${restart}`,
    `a=ice-pwd:password-of-server${restart}`,
    `a=candidate:1 1 udp 2130706431 203.0.113.${restart} 4000 typ host`,
    'a=end-of-candidates',
  );
}
