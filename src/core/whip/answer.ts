/**
 * A server's answer as browsers want it: the last line ended, none before the first, and a port for what is accepted. Some
 * servers copy the port 0 that an offer gives to a bundled section; what is rejected has left the group (RFC 9143 section
 * 7.3.3).
 */
export function readAnswer(body: string): string {
  const answer = `${body.trim()}\r\n`;
  const group = new Set(/^a=group:BUNDLE(.*)/m.exec(answer)?.[1]?.trim().split(/\s+/));
  const sections = answer.split(/^(?=m=)/m).map((section) => {
    const mid = /^a=mid:(\S+)/m.exec(section)?.[1] ?? '';
    const isAccepted = group.has(mid) && /^a=(recvonly|sendrecv)/m.test(section);
    return isAccepted ? section.replace(/^(m=\w+) 0 /, '$1 9 ') : section;
  });
  return sections.join('');
}
