/** The media servers of others that demo and tests work with: where they are, and how they get here. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import which from 'which';
import { findFfmpeg } from '../../demo/server/ffmpeg.mjs';
import { installDebian } from './debian.mjs';

const GO_SOURCES = '/usr/share/gocode';
/** The newest without forks of Go modules, which `go install` would not take. */
const LIVEKIT = 'github.com/livekit/livekit-server/cmd/server@v1.13.5';
const BUILT_LIVEKIT = fileURLToPath(new URL('../../.cache/servers/livekit-server-1.13.5/server', import.meta.url));
/** Milliseconds that a build may take: with a cold cache it is minutes. */
const BUILD_DEADLINE = 900_000;
const GO_PACKAGES = ['golang-go', 'golang-github-pion-webrtc.v3-dev'];

/** By server: how it is found, and what brings it here where it is not. */
const SERVERS = {
  janus: { find: findJanus, packages: ['janus'], else: 'set JANUS to its path' },
  pion: { find: findPion, packages: GO_PACKAGES, else: 'there is no other way' },
  'node-datachannel': {
    find: findNodeDatachannel,
    packages: [],
    else: 'npm install brings it, for the common platforms',
  },
  livekit: {
    find: findLivekit,
    packages: [],
    build: buildLivekit,
    else: 'Go 1.26 builds it from its module proxy, or set LIVEKIT to its path',
  },
  ffmpeg: { find: findFfmpeg, packages: ['ffmpeg'], else: 'set FFMPEG to its path' },
  php: { find: findPhp, packages: ['php-cli'], else: 'install PHP' },
  openssl: { find: findOpenssl, packages: ['openssl'], else: 'install OpenSSL' },
  'nginx-rtmp': { find: findNginxRtmp, packages: ['libnginx-mod-rtmp'], else: 'there is no other way' },
};

/**
 * What is needed of a server, or why it cannot be had, in one line.
 * @param {'janus' | 'pion' | 'node-datachannel' | 'livekit' | 'ffmpeg' | 'php' | 'openssl' | 'nginx-rtmp'} name
 * @returns {{ found: Record<string, string> } | { missing: string }}
 */
export function findServer(name) {
  const { find, packages, else: otherwise } = SERVERS[name];
  const found = find();
  if (found) return { found };
  const debian = packages.length > 0 ? `Debian 12: apt-get install ${packages.join(' ')}; else ` : '';
  return { missing: `${name} is not here (${debian}${otherwise}).` };
}

/** Builds what is missing of the servers, and installs their Debian packages where this is Debian and we may. Never throws. */
export function ensureServers(names = Object.keys(SERVERS)) {
  for (const name of names) if ('missing' in findServer(name)) SERVERS[name].build?.();
  const packages = names.flatMap((name) => ('missing' in findServer(name) ? SERVERS[name].packages : []));
  try {
    installDebian(packages, '--no-install-recommends');
  } catch {
    // What is still missing is said where it is needed.
  }
}

function findJanus() {
  const program = process.env.JANUS ?? findProgram('janus', '/usr/bin', '/opt/janus/bin');
  // Without setpriv, which every Linux has, it would outlive the tests that end badly.
  if (!program || !findProgram(program) || !findProgram('setpriv')) return undefined;
  const prefix = join(program, '..', '..');
  const folders = ['lib', ...foldersIn(join(prefix, 'lib')).map((name) => join('lib', name))];
  const library = folders
    .map((folder) => join(prefix, folder, 'janus'))
    .find((folder) => existsSync(join(folder, 'plugins')));
  return library && { program, library };
}

function findPion() {
  if (!existsSync(join(GO_SOURCES, 'src/github.com/pion/webrtc/go.mod'))) return undefined;
  // Debian's own first: it goes with the sources.
  const go = findProgram('/usr/bin/go') ?? findProgram('go', '/usr/local/go/bin');
  return go && { go, sources: GO_SOURCES };
}

function findLivekit() {
  const program = process.env.LIVEKIT ?? BUILT_LIVEKIT;
  return findProgram(program) && findProgram('setpriv') ? { program } : undefined;
}

function buildLivekit() {
  const go = findProgram('go', '/usr/local/go/bin');
  if (!go) return;
  console.log(`Building ${LIVEKIT} …`);
  const env = { ...process.env, GOBIN: join(BUILT_LIVEKIT, '..'), GOFLAGS: '', CGO_ENABLED: '0' };
  const { status, stderr } = spawnSync(go, ['install', LIVEKIT], { env, encoding: 'utf8', timeout: BUILD_DEADLINE });
  if (status !== 0) console.log(`It was not built: ${stderr?.trim().split('\n').at(-1)}`);
}

/** Runs the PHP sample of the docs. */
function findPhp() {
  const php = findProgram('php');
  return php && { php };
}

/** Makes the certificate of an RTMPS server. */
function findOpenssl() {
  const openssl = findProgram('openssl');
  return openssl && { openssl };
}

function findNginxRtmp() {
  const nginx = findProgram('nginx', '/usr/sbin');
  const module = '/usr/lib/nginx/modules/ngx_rtmp_module.so';
  return nginx && existsSync(module) ? { nginx, module } : undefined;
}

/** Whether there is a prebuilt binary for this platform; a process of its own tries it. */
function findNodeDatachannel() {
  const { status } = spawnSync(process.execPath, ['-e', "import('node-datachannel')"], {
    cwd: new URL('../..', import.meta.url),
    stdio: 'ignore',
  });
  return status === 0 ? { program: process.execPath } : undefined;
}

/** The path of a program in PATH or in other folders, or that path if it is one; undefined where it is not there. */
function findProgram(name, ...others) {
  const path = [process.env.PATH ?? '', ...others].join(delimiter);
  return which.sync(name, { path, nothrow: true }) ?? undefined;
}

function foldersIn(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}
