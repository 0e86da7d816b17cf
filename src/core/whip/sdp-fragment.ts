/** What of a local description goes into the fragments of its ICE generation. */
export interface FragmentSource {
  /** Session-level lines that fragments repeat: `a=ice-options`, `a=group:BUNDLE`. */
  sessionLines: string[];
  /** The offerer-tagged m-line of the BUNDLE group: the only one that has candidates. */
  mediaLine: string;
  mid: string;
  usernameFragment: string;
  password: string;
}

/**
 * What fragments need from an offer, or null where it is not the offer of a BUNDLE group with ICE credentials.
 * @see RFC 9725 section 4.3.2, RFC 8840 section 9
 */
export function fragmentSourceOf(offer: string): FragmentSource | null {
  const [session = '', firstMedia = ''] = offer.split(/^(?=m=)/m);
  const line = (pattern: RegExp) => pattern.exec(firstMedia)?.[1] ?? pattern.exec(session)?.[1];
  const mediaLine = /^(m=.*?)\r?$/m.exec(firstMedia)?.[1];
  const mid = line(/^a=mid:(\S+)/m);
  const usernameFragment = line(/^a=ice-ufrag:(\S+)/m);
  const password = line(/^a=ice-pwd:(\S+)/m);
  if (!mediaLine || !mid || !usernameFragment || !password) return null;
  const iceOptions = line(/^(a=ice-options:.*?)\r?$/m);
  const bundle = line(/^(a=group:BUNDLE.*?)\r?$/m);
  const sessionLines = [iceOptions, bundle].filter((text) => text !== undefined);
  return { sessionLines, mediaLine, mid, usernameFragment, password };
}

/** The part of `RTCIceCandidate` that a fragment needs. */
export type FragmentCandidate = Pick<RTCIceCandidate, 'candidate' | 'sdpMLineIndex' | 'sdpMid' | 'usernameFragment'>;

/** Whether a candidate belongs into the fragments of `source`: of its m-line, of its generation, and not empty. */
export function belongsTo(source: FragmentSource, candidate: FragmentCandidate): boolean {
  const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
  const ofMediaLine = sdpMid == null ? (sdpMLineIndex ?? 0) === 0 : sdpMid === source.mid;
  const ofGeneration = usernameFragment == null || usernameFragment === source.usernameFragment;
  return ofMediaLine && ofGeneration && /^candidate:[^\r\n]+$/.test(candidate.candidate);
}

/** The body of a trickle `PATCH`: some candidates, and whether they are the last (RFC 8840 section 4.4). */
export function buildFragment(source: FragmentSource, candidates: readonly FragmentCandidate[], last: boolean): string {
  const lines = [
    ...source.sessionLines,
    source.mediaLine,
    `a=mid:${source.mid}`,
    `a=ice-ufrag:${source.usernameFragment}`,
    `a=ice-pwd:${source.password}`,
    ...candidates.map(({ candidate }) => `a=${candidate}`),
    ...(last ? ['a=end-of-candidates'] : []),
  ];
  return lines.map((text) => `${text}\r\n`).join('');
}

/** What a server answers to an ICE restart. */
export interface IceDescription {
  usernameFragment: string;
  password: string;
  /** `candidate:…`, without repetitions; empty where the old ones hold. */
  candidates: string[];
}

/**
 * Reads the answer to an ICE restart, or null where it has no new credentials. Servers send fragments with any end of
 * line, or whole descriptions; credentials are in the session or in the first m-section, which counts where both do.
 */
export function parseFragment(text: string): IceDescription | null {
  const [session = '', firstMedia = ''] = text.split(/^(?=m=)/m);
  const value = (name: string) => {
    const line = new RegExp(`^a=${name}:[ \\t]*(\\S+)`, 'm');
    return (line.exec(firstMedia) ?? line.exec(session))?.[1];
  };
  const usernameFragment = value('ice-ufrag');
  const password = value('ice-pwd');
  if (!usernameFragment || !password) return null;
  const candidates = [...text.matchAll(/^a=(candidate:[^\r\n]+)/gm)].map(([, candidate = '']) => candidate.trimEnd());
  return { usernameFragment, password, candidates: [...new Set(candidates)] };
}

/** The answer `description` with the ICE part of `ice`; everything else stays as it was negotiated (RFC 9725 section 4.3.3). */
export function withIce(description: string, { usernameFragment, password, candidates }: IceDescription): string {
  const lines = description
    .replace(/^a=ice-ufrag:.*/gm, () => `a=ice-ufrag:${usernameFragment}`)
    .replace(/^a=ice-pwd:.*/gm, () => `a=ice-pwd:${password}`)
    .split(/[\r\n]+/)
    // An ice-lite server may leave out its candidates, since they have not changed.
    .filter((line) => line && (candidates.length === 0 || !/^a=(candidate|end-of-candidates)\b/.test(line)));
  const [, second = lines.length] = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  const own = candidates.map((candidate) => `a=${candidate}`);
  return [...lines.slice(0, second), ...own, ...lines.slice(second)].map((line) => `${line}\r\n`).join('');
}

/** A fragment as a whole description, for servers that read it with a parser for those. */
export function asDescription(fragment: string): string {
  return `v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n${fragment}`;
}
