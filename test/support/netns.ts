import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findTool, run } from './netns-tools.js';

export type Link = 'wifi' | 'mobile';
export type Side = 'client' | 'server';
export type Traffic = 'all' | 'udp' | 'tcp';

/** Where the server is to be reached, over whichever link. */
export const SERVER_ADDRESS = '10.90.0.1';

const NETWORKS: Record<Link, { id: number; metric: number }> = {
  wifi: { id: 1, metric: 100 },
  mobile: { id: 2, metric: 200 },
};
const LINKS = Object.keys(NETWORKS) as Link[];

/** Names of namespaces: this suite's prefix, the process that owns them, a number, and the side. */
const NAME = /^nwc-(\d+)-\d+-[cs]$/;

const RULES = `add table inet fault
add chain inet fault in { type filter hook prerouting priority -300; }
`;

const root = fileURLToPath(new URL('../..', import.meta.url));

let count = 0;

/** What is to be removed at the latest when this process ends. */
const opened = new Set<Netns>();
process.once('exit', () => {
  for (const netns of opened) netns.close();
});

/**
 * A client's and a server's network of their own, joined by two links, with faults to order. The server has one address
 * behind both links. Packets are lost where they arrive, so that no sender is told, and a packet whose address belongs
 * to the other link is dropped, as a NAT would.
 */
export class Netns {
  readonly #names: Record<Side, string>;
  readonly #hosts: Record<Link, number> = { wifi: 2, mobile: 2 };
  readonly #up = new Set<Link>();

  private constructor(id: string) {
    this.#names = { client: `${id}-c`, server: `${id}-s` };
  }

  /** Builds both networks with the Wi-Fi up and the mobile link down, after what crashed runs have left was removed. */
  static open(): Netns {
    removeStale();
    const netns = new Netns(`nwc-${process.pid}-${++count}`);
    opened.add(netns);
    try {
      netns.#build();
    } catch (error) {
      netns.close();
      throw error;
    }
    return netns;
  }

  /** Removes both networks; their processes have to be gone. */
  close(): void {
    opened.delete(this);
    const existing = namespaces();
    for (const name of Object.values(this.#names)) if (existing.includes(name)) run('ip', ['netns', 'del', name]);
  }

  /** Starts a module of this project's tests on one side, with a channel for messages. */
  spawn(side: Side, module: string, env: Record<string, string> = {}): ChildProcess {
    const ip = findTool('ip') ?? 'ip';
    const command = ['netns', 'exec', this.#names[side], process.execPath, '--import', 'tsx', module];
    return spawn(ip, command, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  /** Silently loses what goes over a link, in both directions. */
  drop(traffic: Traffic = 'all', links: readonly Link[] = LINKS): void {
    this.#filter((link) => `iifname "${link}" ${traffic === 'all' ? '' : `meta l4proto ${traffic} `}drop`, links);
  }

  /** Loses so many percent of the packets in each direction. */
  lose(percent: number): void {
    this.#filter((link) => `iifname "${link}" numgen random mod 100 < ${percent} drop`, LINKS);
  }

  /** Loses nothing any more. */
  heal(): void {
    for (const side of ['client', 'server'] as const) this.#nft(side, 'flush chain inet fault in\n');
  }

  /** The interface is switched on, with an address and routes. */
  linkUp(link: Link): void {
    this.#up.add(link);
    this.#ip('client', `link set ${link} up\n${this.#address('add', link)}`);
    this.#route(link);
  }

  /** The interface is switched off: the operating system takes address and routes away. */
  linkDown(link: Link): void {
    this.#up.delete(link);
    this.#ip('client', `addr flush dev ${link} scope global\nlink set ${link} down`);
  }

  /** The far end goes: no carrier, the address stays. */
  carrierDown(link: Link): void {
    this.#ip('server', `link set ${link} down`);
  }

  carrierUp(link: Link): void {
    this.#ip('server', `link set ${link} up`);
    this.#route(link);
  }

  /** Another address on the same link, as from DHCP. */
  renumber(link: Link): void {
    const before = this.#address('del', link);
    this.#hosts[link]++;
    this.#ip('client', `${before}\n${this.#address('add', link)}`);
    this.#route(link);
  }

  /** From one link to another that was not there before. */
  switchTo(link: Link): void {
    this.linkUp(link);
    for (const other of LINKS) if (other !== link) this.linkDown(other);
  }

  /** As it was in the beginning. */
  reset(): void {
    this.heal();
    for (const link of LINKS) this.#ip('server', `link set ${link} up`);
    for (const link of this.#up) this.linkDown(link);
    for (const link of LINKS) this.#hosts[link] = 2;
    this.linkUp('wifi');
  }

  #build(): void {
    const { client, server } = this.#names;
    for (const name of [client, server]) {
      run('ip', ['netns', 'add', name]);
      // Addresses of IPv6 that come a second after a link would be network changes of their own.
      this.#inside(name, 'sh', ['-c', 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6'], true);
      run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
    }
    this.#ip('server', `addr add ${SERVER_ADDRESS}/32 dev lo`);
    for (const [link, { id }] of Object.entries(NETWORKS)) {
      run('ip', ['-n', client, 'link', 'add', link, 'type', 'veth', 'peer', 'name', link, 'netns', server]);
      this.#ip('server', `link set ${link} up`);
      this.#ip('client', `rule add from 10.90.${id}.0/24 table ${id}`);
    }
    const strict = ['all', ...LINKS].map((link) => `echo 1 > /proc/sys/net/ipv4/conf/${link}/rp_filter`).join(' && ');
    this.#inside(server, 'sh', ['-c', strict]);
    for (const side of ['client', 'server'] as const) this.#nft(side, RULES);
    this.linkUp('wifi');
  }

  /** The routes that come with an address: by this link, and for what is sent from its address by no other. */
  #route(link: Link): void {
    const { id, metric } = NETWORKS[link];
    const isUp = this.#up.has(link);
    const own = [`route replace default dev ${link} metric ${metric}`, `route replace default dev ${link} table ${id}`];
    if (isUp) this.#ip('client', own.join('\n'));
    this.#ip('server', `route replace 10.90.${id}.0/24 dev ${link} src ${SERVER_ADDRESS}`);
  }

  #address(verb: 'add' | 'del', link: Link): string {
    return `addr ${verb} 10.90.${NETWORKS[link].id}.${this.#hosts[link]}/24 dev ${link}`;
  }

  #filter(rule: (link: Link) => string, links: readonly Link[]): void {
    const rules = links.map((link) => `add rule inet fault in ${rule(link)}\n`).join('');
    for (const side of ['client', 'server'] as const) this.#nft(side, rules);
  }

  #ip(side: Side, commands: string): void {
    run('ip', ['-n', this.#names[side], '-batch', '-'], `${commands}\n`);
  }

  #nft(side: Side, commands: string): void {
    this.#inside(this.#names[side], findTool('nft') ?? 'nft', ['-f', '-'], false, commands);
  }

  #inside(name: string, program: string, args: readonly string[], mayFail = false, input = ''): void {
    try {
      run('ip', ['netns', 'exec', name, program, ...args], input);
    } catch (error) {
      if (!mayFail) throw error;
    }
  }
}

function namespaces(): string[] {
  return run('ip', ['netns', 'list'])
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '');
}

/** Removes this suite's namespaces whose owner is gone, and ends what still runs in them. */
function removeStale(): void {
  for (const name of namespaces()) {
    const owner = NAME.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    try {
      const pids = run('ip', ['netns', 'pids', name]).split('\n').filter(Boolean).map(Number);
      for (const pid of pids) end(pid);
      run('ip', ['netns', 'del', name]);
    } catch (error) {
      // The file beside may have removed it meanwhile.
      if (namespaces().includes(name)) throw error;
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
