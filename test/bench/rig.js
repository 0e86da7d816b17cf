/** The page of the benchmarks: any number of clients that send the same picture and tone. */
import { RtcUser } from '/cdn/rtc-user.min.js';
import { stayLiveNaively } from './bare-client.js';

const everything = await navigator.mediaDevices.getUserMedia({
  video: { width: 320, height: 240, frameRate: 15 },
  audio: true,
});
let demanding;
const streams = {
  video: everything,
  audio: new MediaStream(everything.getAudioTracks()),
  /** Needs several times the bitrate that browsers begin with; made when it is first used. */
  get demanding() {
    demanding ??= new MediaStream([...drawDemanding().getVideoTracks(), ...everything.getAudioTracks()]);
    return demanding;
  },
};
const clients = new Map();

/** A picture that changes all over, 15 times a second. */
function drawDemanding() {
  const [width, height, block] = [480, 270, 16];
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  setInterval(() => {
    for (let left = 0; left < width; left += block) {
      for (let top = 0; top < height; top += block) {
        if (Math.random() > 0.2) continue;
        context.fillStyle = `hsl(${360 * Math.random()} 70% ${100 * Math.random()}%)`;
        context.fillRect(left, top, block, block);
      }
    }
  }, 1000 / 15);
  return canvas.captureStream(15);
}

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
