import { RtcUser } from '/cdn/rtc-user.min.js';
import { logInto } from './event-log.js';
import { token } from './page-token.js';

const log = logInto(document.querySelector('.log'));
const user = new RtcUser();

const names = [
  'SignInSuccess',
  'SignInError',
  'ReceivedDeviceList',
  'StartPreviewSuccess',
  'StartPreviewError',
  'BroadcastStatus',
  'StartBroadcastSuccess',
  'StartBroadcastError',
  'BroadcastError',
  'StopBroadcastSuccess',
  'StopBroadcastError',
];
for (const name of names) user.on(name, (event) => log(name, event));

user.setConfig({ reconnect: { minDelay: 1, maxDelay: 8, maxRetries: 10 }, bitrates: { videoSendBitrate: 2000 } });
user.signIn({ server: '/whip/{streamname}', ...(token && { jwt: token }) });

document.querySelector('#start').addEventListener('click', () => {
  user.startPreview({ videoDeviceConfig: { device: true, width: 1280, height: 720 }, elementId: 'preview' });
  user.startBroadcast({ transcodingTargets: { streamname: 'rtc-user' } });
});

document.querySelector('#stop').addEventListener('click', () => user.stopBroadcast());

document.querySelector('#mute').addEventListener('click', ({ target }) => {
  const mute = target.getAttribute('aria-pressed') !== 'true';
  target.setAttribute('aria-pressed', String(mute));
  user.muteDevice({ kind: 'audioinput', mute });
});
