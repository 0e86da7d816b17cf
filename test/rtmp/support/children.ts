import { readFile } from 'node:fs/promises';

/** The processes of a program that a process has started and that still run; Linux alone tells. */
export async function childrenOf(pid: number, program: string): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean);
  const names = await Promise.all(children.map((child) => readFile(`/proc/${child}/comm`, 'utf8').catch(() => '')));
  return children.filter((_, i) => names[i]?.trim() === program).map(Number);
}
