/** The page of the benchmarks: any number of clients that send the same small picture and tone. */
import { RtcUser } from '/cdn/rtc-user.min.js';
import { stayLiveNaively } from './bare-client.js';

const everything = await navigator.mediaDevices.getUserMedia({
  video: { width: 320, height: 240, frameRate: 15 },
  audio: true,
});
const streams = { video: everything, audio: new MediaStream(everything.getAudioTracks()) };
const clients = new Map();

/** Our client. Of its log only what was told is kept, so that nothing grows here but on purpose. */
function publishOwn({ server, media, reconnect, isForgetful }) {
  const told = [];
  const user = new RtcUser();
  const client = { told, stop: () => user.stopBroadcast(), outages: () => user.report.outages, recoveries: 0 };
  user.on('BroadcastStatus', ({ data: { message, reconnect: info } }) => {
    if (message === 'broadcasting') client.recoveries++;
    if (!isForgetful) told.push({ name: message, at: Date.now(), ...(info && { reconnect: info }) });
  });
  for (const name of ['StartBroadcastError', 'BroadcastError', 'SignInError', 'SetConfigError']) {
    user.on(name, ({ error }) => told.push({ name: `${name} ${error.code} ${error.message}`, at: Date.now() }));
  }
  user.setConfig({ reconnect });
  user.signIn({ server });
  user.setMediaStream({ stream: streams[media] });
  user.startBroadcast();
  return client;
}

function publishNaively({ server, media }) {
  const told = [];
  const stop = stayLiveNaively(server, streams[media], (name) => told.push({ name, at: Date.now() }));
  return { told, stop, outages: () => [], recoveries: 0 };
}

globalThis.rig = {
  publish(name, settings) {
    clients.set(name, settings.kind === 'own' ? publishOwn(settings) : publishNaively(settings));
  },
  told: (name) => clients.get(name).told,
  outages: (name) => clients.get(name).outages(),
  recoveries: () => [...clients.values()].reduce((sum, { recoveries }) => sum + recoveries, 0),
  async stop() {
    await Promise.allSettled([...clients.values()].map(({ stop }) => stop()));
    clients.clear();
  },
};
