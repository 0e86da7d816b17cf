import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Told } from './support/interop-page.js';
import { HOLD, type Lane } from './support/lane.js';
import type { ServerName } from './support/servers.js';
import { describeInterop, type InteropTest } from './support/suite.js';

interface Fault {
  what: string;
  /** In the network: it needs the relay. */
  relayed?: true;
  /** Breaks something, and mends it again. */
  strike: (lane: Lane) => Promise<void> | void;
  /** The way back, in words. */
  back: string;
  /** What is tried on this way, by cause and method. Where it may also be nothing, the fault may pass unnoticed. */
  tries: RegExp;
  /** For one engine alone, where the other could not do otherwise. */
  chromiumOnly?: true;
}

interface Abilities {
  restartsIce: boolean;
  /** Whether it tells the browser by DTLS that it ends a session. */
  saysGoodbye: boolean;
}

const SERVERS: Record<ServerName, Abilities> = {
  janus: { restartsIce: true, saysGoodbye: true },
  pion: { restartsIce: true, saysGoodbye: true },
  'node-datachannel': { restartsIce: false, saysGoodbye: false },
  livekit: { restartsIce: true, saysGoodbye: true },
};

/** Packets in a second of audio. */
const AUDIO_PACKETS = 50;
/** How many events say that it is live again. */
const STARTED_AGAIN = 2;

const BY_NEW_SESSION = 'comes back by a new session';
const IN_SAME_SESSION = 'comes back in the same session';

const cut = (milliseconds: number) => async (lane: Lane) => {
  lane.relay?.udp({ cut: 'both' });
  await delay(milliseconds);
  lane.relay?.heal();
};

/** What befalls a broadcast, whatever the server. */
const FAULTS: Fault[] = [
  {
    what: 'whose server is killed and started again',
    strike: async ({ server }) => {
      await server.kill();
      await delay(2000);
      await server.start();
    },
    back: BY_NEW_SESSION,
    tries: /^(network ice-restart, ){1,2}((network|server) new-session, )+$/,
    chromiumOnly: true,
  },
  {
    what: 'whose server is frozen for 8 s',
    strike: async ({ server }) => {
      server.freeze();
      await delay(8000);
      server.thaw();
    },
    back: 'goes on',
    tries: /^(network ice-restart, ){0,2}((network|server) new-session, )*$/,
    chromiumOnly: true,
  },
  {
    what: 'whose path is cut for 3 s',
    relayed: true,
    strike: cut(3000),
    back: 'goes on',
    tries: /^((network ice-restart, ){1,2}(network new-session, )?)?$/,
    chromiumOnly: true,
  },
];

/** What befalls it where much depends on the server. */
const faultsOf = ({ restartsIce, saysGoodbye }: Abilities): Fault[] => {
  const way = restartsIce
    ? { back: IN_SAME_SESSION, tries: /^(network ice-restart, ){1,2}$/ }
    : { back: BY_NEW_SESSION, tries: /^network ice-restart, network new-session, $/ };
  return [
    {
      what: 'whose session the server ends',
      strike: (lane) => lane.server.endSessions(),
      back: BY_NEW_SESSION,
      // libdatachannel's alert may still get out before its socket is closed.
      tries: saysGoodbye ? /^server new-session, $/ : /^(network ice-restart, )?server new-session, $/,
    },
    { what: 'whose path is cut for 10 s', relayed: true, strike: cut(10_000), chromiumOnly: true, ...way },
    { what: 'that has to take a new path', relayed: true, strike: (lane) => lane.relay?.move(), ...way },
  ];
};

const STAYS: InteropTest = {
  what: 'goes live and stays so',
  relayed: false,
  run: async (lane) => {
    await lane.holds(await lane.goLive());
    assert.deepEqual(await lane.toldSince(), []);
    assert.equal((await lane.server.requests('POST')).length, 1);
    const { video } = await lane.session();
    assert.ok(video.keyFrames >= 1);
  },
};

/** Servers have less to say without video: what is usual there must not pass for a loss. */
const STAYS_WITH_AUDIO: InteropTest = {
  what: 'goes live with audio alone and stays so',
  relayed: false,
  run: async (lane) => {
    await lane.goLiveWithAudioAlone();
    const before = await lane.session();
    await delay(HOLD);
    assert.deepEqual(await lane.toldSince(), []);
    const after = await lane.session();
    assert.equal(after.id, before.id);
    assert.ok(after.audio.packets - before.audio.packets > 0.7 * AUDIO_PACKETS * (HOLD / 1000));
  },
};

const ASKS_AGAIN: InteropTest = {
  what: 'that has to take a new path twice is asked for an ICE restart in each of its sessions',
  relayed: true,
  run: async (lane) => {
    const before = await lane.goLive();
    lane.relay?.move();
    await lane.untilLost();
    await lane.untilLive();
    // Long enough for the first attempt to be forgotten.
    await lane.holds(before);
    assert.equal(restarts(lane).length, 1);
    const losses = (await lane.toldSince()).filter(({ reconnect }) => reconnect).length;
    lane.relay?.move();
    await lane.untilLost(losses + 1);
    await lane.untilLive();
    await lane.holds(before);
    assert.equal(restarts(lane).length, 2);
    assertOrder((await lane.toldSince()).slice(losses + STARTED_AGAIN));
    assert.deepEqual(
      (await lane.outages()).map(({ cause, recoveredBy }) => [cause, recoveredBy]),
      [
        ['network', 'new-session'],
        ['network', 'new-session'],
      ],
    );
  },
};

/** The requests for an ICE restart: to the session as it is, whatever its entity tag. */
function restarts(lane: Lane): { url: string; status?: number }[] {
  const patches = lane.relay?.requests('PATCH') ?? [];
  return patches.filter(({ headers }) => /^"?\*"?$/.test(headers['if-match'] ?? ''));
}

/** Asserts what holds for every way back: it is told in order, and repairs come before replacements and are not counted. */
function assertOrder(told: Told[]): void {
  const names = told.map(({ name }) => name);
  const tries = told.flatMap(({ reconnect }) => reconnect ?? []);
  assert.ok(tries.length > 0, names.join());
  const expected = [...Array<string>(tries.length).fill('reconnecting_broadcast'), 'connected', 'broadcasting'];
  assert.deepEqual(names, expected);
  const repairs = tries.filter(({ method }) => method === 'ice-restart').length;
  assert.deepEqual(
    tries.map(({ method, attempt }) => [method, attempt]),
    tries.map((_, index) => (index < repairs ? ['ice-restart', 0] : ['new-session', index - repairs + 1])),
  );
  assert.ok(repairs <= 2, `${repairs} repairs`);
  for (const { at, reconnect } of told) assert.ok(!reconnect || (reconnect.lostAt <= at && reconnect.delay >= 0));
}

function testOf({ what, relayed, strike, back, tries: expected }: Fault): InteropTest {
  const mayPass = expected.test('');
  const run = async (lane: Lane) => {
    const before = await lane.goLive();
    const { id } = await lane.session();
    await strike(lane);
    if (mayPass) await delay(1000);
    else await lane.untilLost();
    await lane.untilLive();
    // A new session begins afresh; only the same one on another path can decay.
    const isSame = (await lane.session()).id === id;
    await lane.holds(before, isSame ? HOLD : 0);

    const told = await lane.toldSince();
    const tries = told.flatMap(({ reconnect }) => reconnect ?? []);
    const last = tries.at(-1);
    assert.match(tries.map(({ cause, method }) => `${cause} ${method}, `).join(''), expected);
    if (tries.length > 0) assertOrder(told);
    else assert.deepEqual(told, []);

    const isReplaced = last?.method === 'new-session';
    const session = await lane.session();
    assert.equal(session.id !== id, isReplaced);
    assert.ok(session.video.keyFrames >= 1);
    if (relayed) assert.equal(lane.relay?.attempts.length, isReplaced ? 2 : 1);
    const outages = (await lane.outages()).map((one) => [one.cause, one.recoveredBy, one.attempts]);
    // A path may also come back by itself while a repair is under way.
    const method = outages[0]?.[1] === 'browser' && !isReplaced ? 'browser' : last?.method;
    const replacements = tries.filter((one) => one.method === 'new-session').length;
    assert.deepEqual(outages, tries.length > 0 ? [[last?.cause, method, replacements]] : []);
  };
  return { what: `${what} ${back}`, relayed: relayed ?? false, run };
}

for (const browser of ['chromium', 'firefox'] as const) {
  const testsOf = (server: ServerName): InteropTest[] => {
    const capabilities = SERVERS[server];
    const faults = [...FAULTS, ...faultsOf(capabilities)].filter(
      ({ chromiumOnly }) => browser === 'chromium' || !chromiumOnly,
    );
    const refuses = browser === 'chromium' && !capabilities.restartsIce;
    return [STAYS, STAYS_WITH_AUDIO, ...faults.map(testOf), ...(refuses ? [ASKS_AGAIN] : [])];
  };
  describeInterop(browser, {
    janus: testsOf('janus'),
    pion: testsOf('pion'),
    'node-datachannel': testsOf('node-datachannel'),
    livekit: testsOf('livekit'),
  });
}
