/** Where packets go: an IPv4 address and a UDP port. */
export interface UdpAddress {
  address: string;
  port: number;
}

export type MediaKind = 'audio' | 'video';

/** `a=candidate:` with its foundation, component, transport, priority, address, port and type. */
const CANDIDATE = /^a=candidate:(\S+) (\d+) (\S+) (\d+) (\S+) (\d+) typ \S+.*$/;
const IPV4 = /^\d+(\.\d+){3}$/;

/** A description or a fragment that tells nothing of where its sender can be reached. */
export function withoutCandidates(sdp: string): string {
  return sdp
    .replace(/^a=candidate:.*\r?\n?/gm, '')
    .replace(/^c=IN IP[46] .*$/gm, 'c=IN IP4 0.0.0.0')
    .replace(/^m=(\w+) (?!0 )\d+ /gm, 'm=$1 9 ');
}

/** Puts other addresses into the candidates of a description or a fragment; those not of UDP on IPv4 are left out. */
export async function withAddresses(sdp: string, replace: (old: UdpAddress) => Promise<UdpAddress>): Promise<string> {
  const lines: string[] = [];
  for (const line of sdp.split(/(?<=\n)/)) {
    if (!line.startsWith('a=candidate:')) {
      lines.push(line);
      continue;
    }
    const [end = ''] = /\r?\n?$/.exec(line) ?? [];
    const [, foundation, component, transport, priority, address = '', port] = CANDIDATE.exec(line.trimEnd()) ?? [];
    if (transport?.toLowerCase() !== 'udp' || !IPV4.test(address)) continue;
    const own = await replace({ address, port: Number(port) });
    lines.push(`a=candidate:${foundation} ${component} udp ${priority} ${own.address} ${own.port} typ host${end}`);
  }
  return lines.join('');
}

/** The payload types of an answer, and the kind of media of each; repair packets (RTX, FEC) are left out. */
export function payloadKinds(sdp: string): Map<number, MediaKind> {
  const kinds = new Map<number, MediaKind>();
  for (const section of sdp.split(/^(?=m=)/m)) {
    const [, kind, port, types = ''] = /^m=(audio|video) (\d+) \S+ ([\d ]+)/.exec(section) ?? [];
    if (!kind || port === '0') continue;
    for (const type of types.trim().split(' ')) {
      const isRepair = new RegExp(`^a=rtpmap:${type} (rtx|red|ulpfec|flexfec)`, 'im').test(section);
      if (!isRepair) kinds.set(Number(type), kind as MediaKind);
    }
  }
  return kinds;
}
