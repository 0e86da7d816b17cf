import { readdir, readFile, readlink } from 'node:fs/promises';

const ESTABLISHED = '01';

/**
 * Bytes that a process has written to TCP connections and that have not been acknowledged by their other ends. A dead
 * receiver shows there long before the buffers in between are full. Linux tells it; elsewhere it is 0.
 */
export async function tcpBacklog(pid: number): Promise<number> {
  try {
    const inodes = await socketsOf(pid);
    const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')));
    return tables.flatMap((table) => backlogs(table, inodes)).reduce((sum, bytes) => sum + bytes, 0);
  } catch {
    return 0;
  }
}

/** The backlogs of connections with such inodes, in a table as `/proc/net/tcp` is (proc_net_tcp of Linux). */
export function backlogs(table: string, inodes: ReadonlySet<string>): number[] {
  return table.split('\n').flatMap((line) => {
    const [, , , state, queues = '', , , , , inode = ''] = line.trim().split(/\s+/);
    return state === ESTABLISHED && inodes.has(inode) ? [Number.parseInt(queues, 16)] : [];
  });
}

async function socketsOf(pid: number): Promise<Set<string>> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all((await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')));
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
