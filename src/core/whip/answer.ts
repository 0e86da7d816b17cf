const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)$/;

/** An answer as browsers take it, and what the server did wrong. */
export interface ReadAnswer {
  answer: string;
  warnings: string[];
}

/**
 * Reads a server's answer in one pass. Blank lines, NULs and indentation are dropped, since browsers refuse them. A section
 * that is accepted gets a port: some servers copy the port 0 that an offer gives to a bundled section, but what is rejected
 * has left the group (RFC 9143 section 7.3.3). `sendrecv`, written or implied, becomes `recvonly`: it does not answer an offer
 * of `sendonly` (RFC 3264 section 6.1).
 */
export function readAnswer(body: string): ReadAnswer {
  const lines = body
    .split(/[\r\n\0]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  const session = lines.slice(0, starts[0] ?? lines.length);
  const group = new Set(
    session
      .find((line) => line.startsWith('a=group:BUNDLE'))
      ?.slice(14)
      .trim()
      .split(/\s+/),
  );
  const direction = directionOf(session) ?? 'sendrecv';
  let isBothWays = false;
  const read = [...session];
  starts.forEach((start, index) => {
    const section = lines.slice(start, starts[index + 1] ?? lines.length);
    const mid = section.find((line) => line.startsWith('a=mid:'))?.slice(6) ?? '';
    const isRejected = /^m=\S+ 0 /.test(section[0] ?? '');
    const own = directionOf(section);
    const isReceived = ['recvonly', 'sendrecv'].includes(own ?? direction);
    const isAccepted = isReceived && (!isRejected || (own !== undefined && group.has(mid)));
    if (!isAccepted) {
      for (const line of section) read.push(line);
      return;
    }
    isBothWays ||= (own ?? direction) === 'sendrecv';
    const [media = '', ...attributes] = section;
    read.push(media.replace(/^(m=\S+) 0 /, '$1 9 '));
    for (const line of attributes) read.push(line === 'a=sendrecv' ? 'a=recvonly' : line);
    if (own === undefined && direction === 'sendrecv') read.push('a=recvonly');
  });
  const answer = read.map((line) => `${line}\r\n`).join('');
  return {
    answer,
    warnings: isBothWays ? ['The server answered sendrecv to an offer of sendonly; read as recvonly.'] : [],
  };
}

function directionOf(lines: readonly string[]): string | undefined {
  return lines.map((line) => DIRECTION.exec(line)?.[1]).find((direction) => direction !== undefined);
}
