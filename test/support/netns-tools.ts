import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';

/** By program that the network namespaces need, Debian's package with it. */
const PACKAGES = { ip: 'iproute2', nft: 'nftables' } as const;

export type NetnsTool = keyof typeof PACKAGES;

const PROBE = `nwc-${process.pid}-probe`;

let reason: string | undefined | null = null;

/** Why there can be no network namespaces here, in one line; undefined where there can. What is missing is installed. */
export function whyNoNetns(): string | undefined {
  if (reason === null) reason = findReason();
  return reason;
}

/** Runs `ip` or `nft` and returns what it prints. */
export function run(tool: NetnsTool, args: readonly string[], input = ''): string {
  const path = findTool(tool);
  if (!path) throw new Error(`${tool} is not installed.`);
  try {
    return execFileSync(path, args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(`${tool} ${args.join(' ')}: ${stderr.trim() || String(error)}`, { cause: error });
  }
}

/** The path of a tool; on Debian both are where only root looks for programs. */
export function findTool(tool: NetnsTool): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return folders.map((folder) => `${folder}/${tool}`).find(isExecutable);
}

function findReason(): string | undefined {
  if (process.platform !== 'linux') return 'Network namespaces are for Linux only.';
  if (process.getuid?.() !== 0) return 'Network namespaces need root.';
  const lacking = () => (Object.keys(PACKAGES) as NetnsTool[]).filter((tool) => !findTool(tool));
  if (lacking().length > 0) install(lacking().map((tool) => PACKAGES[tool]));
  const [missing] = lacking();
  if (missing) return `Network namespaces need ${missing} (Debian: apt-get install ${PACKAGES[missing]}).`;
  return probe();
}

/** Tries once everything that the faults are made of. */
function probe(): string | undefined {
  try {
    run('ip', ['netns', 'add', PROBE]);
    run('ip', ['-n', PROBE, 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far']);
    run('ip', ['netns', 'exec', PROBE, findTool('nft') ?? 'nft', 'list', 'ruleset']);
    return undefined;
  } catch (error) {
    return `Network namespaces are not permitted here: ${(error as Error).message.split('\n')[0]}`;
  } finally {
    if (existsSync(`/run/netns/${PROBE}`)) run('ip', ['netns', 'del', PROBE]);
  }
}

function install(packages: readonly string[]): void {
  if (!isExecutable('/usr/bin/apt-get')) return;
  console.log(`Installing ${packages.join(' and ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', ...packages],
    ]) {
      execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    }
  } catch {
    // What is still missing is told by name.
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
