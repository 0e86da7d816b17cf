import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lanAddress } from '../../support/fault-relay.js';
import { freePort, freeUdpPort } from '../../support/free-port.js';
import { ensureServers, findServer } from '../../support/media-servers.mjs';
import { accessToken, livekitConfiguration, PUBLISHER } from './livekit.js';
import { MediaServer } from './media-server.js';

export type ServerName = 'janus' | 'pion' | 'node-datachannel' | 'livekit';

type Found = Record<string, string>;

const folder = fileURLToPath(new URL('.', import.meta.url));
const cache = fileURLToPath(new URL('../../../node_modules/.cache/nano-webcaster', import.meta.url));
const JANUS_ROOM = 1234;

let temporary: string | undefined;

const searched = new Map<ServerName, ReturnType<typeof findServer>>();

/** Looks for a server, and installs it where that is possible; once. */
function search(name: ServerName): ReturnType<typeof findServer> {
  let result = searched.get(name);
  if (!result) {
    ensureServers([name]);
    result = findServer(name);
    searched.set(name, result);
  }
  return result;
}

/** Why a server cannot be had here, in one line; undefined where it can. */
export function whyNot(name: ServerName): string | undefined {
  const result = search(name);
  return 'missing' in result ? result.missing : undefined;
}

/** Makes a server of its own, which is still to be started. */
export function makeServer(name: ServerName): Promise<MediaServer> | MediaServer {
  const result = search(name);
  if ('missing' in result) throw new Error(result.missing);
  return MAKERS[name](result.found);
}

const MAKERS: Record<ServerName, (found: Found) => Promise<MediaServer> | MediaServer> = {
  janus: makeJanus,
  pion: (found) => new MediaServer({ whip: { command: buildPion(found), args: [] } }),
  'node-datachannel': () => new MediaServer({ whip: node('node-datachannel-front.ts') }),
  livekit: makeLivekit,
};

function node(script: string, ...flags: string[]): { command: string; args: string[] } {
  return { command: process.execPath, args: [...flags, '--import', 'tsx', join(folder, script)] };
}

async function makeJanus({ program = '', library = '' }: Found): Promise<MediaServer> {
  const port = await freePort();
  const configuration = mkdtempSync(join(temporaryFolder(), 'janus-'));
  const files = janusConfiguration(configuration, library, port);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(configuration, name), text);
  const janus = [program, '--configs-folder', configuration];
  return new MediaServer({
    // With its parent: it has no other way to find out.
    media: { command: 'setpriv', args: ['--pdeathsig', 'KILL', ...janus], port },
    whip: {
      // Node 20 hides its WebSocket behind a flag.
      ...node('janus-front.ts', '--experimental-websocket'),
      env: { JANUS_URL: `ws://127.0.0.1:${port}`, JANUS_ROOM: String(JANUS_ROOM) },
    },
  });
}

async function makeLivekit({ program = '' }: Found): Promise<MediaServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(temporaryFolder(), 'livekit-'));
  const configuration = join(folder, 'livekit.yaml');
  writeFileSync(configuration, livekitConfiguration(port, await freeUdpPort(), lanAddress()));
  return new MediaServer({
    media: { command: 'setpriv', args: ['--pdeathsig', 'KILL', program, '--config', configuration], port },
    whip: { ...node('livekit-front.ts'), env: { LIVEKIT_URL: `http://127.0.0.1:${port}` } },
    path: '/whip/v1',
    token: accessToken(PUBLISHER, { roomJoin: true, canPublish: true }),
  });
}

/** A folder that goes with this process. */
function temporaryFolder(): string {
  if (!temporary) {
    const made = mkdtempSync(join(tmpdir(), 'nano-webcaster-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    temporary = made;
  }
  return temporary;
}

/** As little as a VideoRoom needs; all files are written, since Janus reads its defaults for those that are not. */
function janusConfiguration(configuration: string, library: string, port: number): Record<string, string> {
  const interfaces = Object.keys(networkInterfaces()).join(',');
  const plugins = 'audiobridge duktape echotest lua nosip recordplay sip streaming textroom videocall voicemail';
  const transports = 'http mqtt nanomsg pfunix rabbitmq';
  const libraries = (names: string) =>
    names
      .split(' ')
      .map((name) => `libjanus_${name}.so`)
      .join();
  return {
    'janus.jcfg': `
      general: {
        configs_folder = "${configuration}"
        plugins_folder = "${library}/plugins"
        transports_folder = "${library}/transports"
        events_folder = "${library}/events"
        loggers_folder = "${library}/loggers"
        debug_level = 3
      }
      media: { ipv6 = false }
      nat: { full_trickle = false, ice_enforce_list = "${interfaces}" }
      plugins: { disable = "${libraries(plugins)}" }
      transports: { disable = "${libraries(transports)}" }
    `,
    'janus.transport.websockets.jcfg': `
      general: { json = "compact", ws = true, ws_port = ${port}, ws_ip = "127.0.0.1" }
    `,
    'janus.plugin.videoroom.jcfg': `
      room-${JANUS_ROOM}: { publishers = 6, bitrate = 4000000, videocodec = "h264,vp8", audiocodec = "opus" }
    `,
  };
}

/** Builds the Go program from Debian's packages, without any network; once for each version of its sources. */
function buildPion({ go = '', sources = '' }: Found): string {
  const files = ['main.go', 'session.go', 'counter.go'].map((name) => join(folder, 'pion', name));
  const hash = createHash('sha256').update(execFileSync(go, ['version']));
  for (const file of files) hash.update(readFileSync(file));
  const program = join(cache, `pion-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;
  // Below a GOPATH and beside a go.mod Go finds major versions in paths without one, as Debian lays them out.
  const place = join(cache, 'gopath/src/pion');
  mkdirSync(place, { recursive: true });
  for (const file of files) copyFileSync(file, join(place, file.slice(join(folder, 'pion').length + 1)));
  writeFileSync(join(place, 'go.mod'), 'module pion\n\ngo 1.19\n');
  const env = {
    ...process.env,
    GO111MODULE: 'off',
    GOPATH: `${join(cache, 'gopath')}:${sources}`,
    GOCACHE: join(cache, 'go-build'),
    GOFLAGS: '',
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    CGO_ENABLED: '0',
  };
  execFileSync(go, ['build', '-o', `${program}.new`, '.'], {
    cwd: place,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  renameSync(`${program}.new`, program);
  return program;
}
