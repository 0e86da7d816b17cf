/** Runs rows of the table in the page: makes the scene, calls, and tells what came of it in values that can be sent. */
const { user: User } = window.nanowebrtc;

const errors = [];
addEventListener('unhandledrejection', ({ reason }) => errors.push(`unhandled: ${reason}`));
addEventListener('error', ({ message }) => errors.push(message));

const denied = {
  getUserMedia: () => Promise.reject(new DOMException('no', 'NotAllowedError')),
  getDisplayMedia: () => Promise.reject(new DOMException('no', 'NotAllowedError')),
  enumerateDevices: () => Promise.reject(new DOMException('no', 'NotAllowedError')),
};
const handler = () => undefined;
const warned = [];
const log = { error: handler, warn: (...parts) => warned.push(parts.join(' ')), info: handler, debug: handler };
const SMALL = { videoDeviceConfig: { device: true, width: 320, height: 240, framerate: 15 } };

let shared;
let isLive = false;

/** What stands for something that only a page can make. */
const MADE = {
  $canvas: () => Object.assign(document.createElement('canvas'), { width: 320, height: 240 }).captureStream(15),
  $empty: () => new MediaStream(),
  $tone: () => new AudioContext().createMediaStreamDestination().stream,
  $handler: () => handler,
  $everything: () => /.*/,
};

function made(value) {
  if (typeof value === 'string') {
    if (value in MADE) return MADE[value]();
    return value
      .replace(/^\$server$/, `${location.origin}/whip/conformance`)
      .replace(/^\$output$/, `${location.origin}/whip/output`)
      .replace(/^\$status/, `${location.origin}/status`);
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(made);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, made(part)]));
}

/** A value as it can be sent to the test: by the name of its class where it is no plain value. */
function sendable(value, user) {
  if (value === user) return '$user';
  if (value instanceof Promise) return 'Promise';
  if (value instanceof MediaStream) return 'MediaStream';
  if (value instanceof MediaStreamTrack) return 'MediaStreamTrack';
  if (value instanceof Error) {
    const { code, message, name, text, type, userinfo } = value;
    return sendable({ code, message, name, text, type, userinfo }, user);
  }
  if (Array.isArray(value)) return value.map((part) => sendable(part, user));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, sendable(part, user)]));
}

function outline({ name, error, data }) {
  if (name === 'BroadcastStatus') return data.message;
  return error ? `${name} ${error.code}` : name;
}

async function userOf(scene) {
  if (scene === 'denied') return new User({ world: { mediaDevices: denied } });
  if (scene === 'new') return new User({ log });
  if (scene === 'signed in') {
    const user = new User();
    await user.signIn({ server: made('$server') });
    return user;
  }
  if (!shared) {
    shared = new User();
    shared.on('BroadcastStatus', () => (isLive = true));
    shared.on(/^(StopBroadcastSuccess|BroadcastError|StartBroadcastError)$/, ({ error }) => {
      // Another start is refused, and the broadcast goes on.
      isLive = error?.code === 1006;
    });
    await shared.startPreview(SMALL);
  }
  if (!shared.isSignedIn()) await shared.signIn({ server: made('$server') });
  if (scene === 'live' && !isLive) await shared.startBroadcast({ transcodingTargets: { streamname: 'conformance' } });
  return shared;
}

const passed = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(isThere) {
  for (const end = Date.now() + 20_000; !isThere() && Date.now() < end;) await passed(10);
}

window.lab = {
  errors,
  async run({ scene, calls, told: expected }) {
    const user = await userOf(scene);
    const events = [];
    // They come whenever they come, devices' on a busy machine too.
    const listen = (event) => {
      if (!['ReceivedWebRTCStats', 'CaptureStatus'].includes(event.name) || expected.includes(event.name))
        events.push(event);
    };
    // Its last event may still be under way.
    await passed(0);
    user.on(/./, listen);
    let returned;
    for (const [method, ...args] of calls) {
      await Promise.allSettled([returned]);
      await passed(0);
      events.length = warned.length = 0;
      if (method === '$endSessions') returned = window.endSessions();
      else if (method === '$report') returned = window.reportOutput(...args);
      else if (method === '$class.checkSupport') returned = User.checkSupport();
      else returned = user[method](...args.map(made));
    }
    const wasInside = events.length > 0;
    const settled = await Promise.allSettled([returned]);
    await until(() => events.length >= expected.length);
    await passed(0);
    user.off(/./, listen);
    const result = {
      wasInside,
      returned: sendable(returned, user),
      outcome: settled[0].status,
      told: events.map(outline),
      warned: [...warned],
      event: sendable(events[expected.length - 1], user),
    };
    if (user !== shared) await user.stopPreview();
    return result;
  },
  async end() {
    await shared?.signOut();
    await shared?.stopPreview();
  },
};
