import type { BrowserName } from '../support/browsers.js';

/**
 * The public surface of RtcUser v5, row by row: what a page calls, and what it is told. `rows.test.ts` runs every row in
 * a real browser against a real ingest.
 *
 * A shape is a value to be equal to, the name of a type, `any`, a list whose entries all have a shape, or an object whose
 * keys have shapes; a key with `?` may be missing. What v5 does not have may be there as well.
 */
export type Shape = string | number | boolean | null | undefined | Shape[] | { [key: string]: Shape };

/** What a row finds: nothing done yet; signed in; with a preview; live with statistics on; or with no devices allowed. */
export type Scene = 'new' | 'signed in' | 'previewing' | 'live' | 'denied';

export interface Row {
  row: string;
  scene: Scene;
  /** Method and arguments; `$…` stands for what only a page can make. Of several calls the last one is looked at. */
  calls: [method: string, ...args: unknown[]][];
  /** Events in their order, errors with their codes, statuses by their messages. `ReceivedWebRTCStats` is passed over. */
  told?: string[];
  /** What the call returns; a promise for every method that has none in v5. */
  returns?: Shape;
  /** What the last event holds. */
  event?: Shape;
  /** A part of the one warning that the last call brings. */
  warns?: string;
  /** The browser that can do it headless: Firefox has no screen then. */
  only?: BrowserName;
}

const rows = (
  scene: Scene,
  ...table: [row: string, calls: Row['calls'], told?: string[], more?: Partial<Row>][]
): Row[] => table.map(([row, calls, told = [], more = {}]) => ({ row, scene, calls, told, ...more }));

const ERROR = (code: number, name: string): Shape => ({
  name: 'string',
  error: { code, message: 'text', name, text: 'text', type: 'text', userinfo: { metadata: METADATA } },
  data: { error: 'text', text: 'text', message: 'text', code },
});

const METADATA: Shape = {
  isSignedIn: 'boolean',
  'server?': 'string',
  'streamname?': 'string',
  hasAudio: 'boolean',
  hasVideo: 'boolean',
  isMobile: 'boolean',
  browser: 'text',
  browserVersion: 'text',
  os: 'text',
};

const DEVICES: Shape = {
  name: 'ReceivedDeviceList',
  data: {
    devices: { audiodevices: [{ id: 'text', index: 'number' }], videodevices: [{ id: 'text', index: 'number' }] },
    updated: 'boolean',
  },
};

const PREVIEW: Shape = {
  name: 'StartPreviewSuccess',
  data: {
    constraints: { audio: { deviceId: 'string' }, video: { deviceId: 'string', source: 'camera' } },
    metadata: { width: 'number', height: 'number', framerate: 'number', hasAudio: true, hasVideo: true },
    stream: 'MediaStream',
  },
};

const RESULTS: Shape = {
  ...Object.fromEntries(
    ['audioBitrate', 'videoBitrate', 'framerate'].flatMap((key) =>
      ['', 'Min', 'Max', 'Average'].map((end) => [key + end, 'number']),
    ),
  ),
  audioCodec: 'text',
  videoCodec: 'text',
  frameWidth: 'number',
  frameHeight: 'number',
  'videoSendDelay?': 'number',
  'videoSendDelayMax?': 'number',
  'videoSendDelayAverage?': 'number',
  'packetLoss?': 'number',
  roundTripTime: 'number',
};

const STATUS = (message: string, state: number, more: Record<string, Shape> = {}): Shape => ({
  name: 'BroadcastStatus',
  data: { message, text: message, state, streamname: 'conformance', ...more },
});

const PREVIEWED = ['StartPreviewSuccess', 'ReceivedDeviceList'];
const STARTED = ['signalling', 'connected', 'StartBroadcastSuccess', 'broadcasting'];
const SMALL = { width: 320, height: 240, framerate: 15 };
const NAMED = { transcodingTargets: { streamname: 'conformance' } };

const jwtOf = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

/** Calls of which the log warns. */
const warned = (...table: [method: string, args: unknown[], warns: string, told?: string[]][]): Row[] =>
  rows(
    'new',
    ...table.map(([method, args, warns, told = []]): [string, Row['calls'], string[], Partial<Row>] => [
      `${method}, warned of: ${warns}`,
      [
        ['setConfig', { logLevel: 2 }],
        [method, ...args],
      ],
      told,
      { warns },
    ]),
  );

/** Every method: its arguments, what it returns, what it causes. */
export const METHODS: Row[] = [
  ...rows(
    'new',
    ['checkSupport', [['checkSupport']], [], { returns: 0 }],
    ['checkSupport on the class', [['$class.checkSupport']], [], { returns: 0 }],
    ['isSignedIn', [['isSignedIn']], [], { returns: false }],
    ['signIn', [['signIn', { server: '$server' }]], ['SignInSuccess']],
    ['signIn without a server', [['signIn', {}]], ['SignInError 1001']],
    ['signOut', [['signOut']], ['SignOutSuccess']],
    ['setConfig', [['setConfig', {}]]],
    ['setConfig of nothing', [['setConfig', null]], ['SetConfigError 1001']],
    ['setIceServers', [['setIceServers', [{ urls: ['stun:127.0.0.1:9'] }]]]],
    ['checkServer', [['checkServer', '$server']], ['ReceivedServerStats']],
    ['enableStats', [['enableStats']]],
    ['enableStats off', [['enableStats', false]]],
    ['startBroadcast before a sign-in', [['startBroadcast', {}]], ['StartBroadcastError 4001']],
    ['stopBroadcast of nothing', [['stopBroadcast']], ['StopBroadcastError 5003']],
    ['sendMetaData', [['sendMetaData', 'onMetaData', { title: 'show' }]], ['Error 1006']],
    ['addScreenCaptureExtension', [['addScreenCaptureExtension', 'name']]],
    ['isScreenCaptureAvailable', [['isScreenCaptureAvailable']], [], { returns: true }],
    ['getDevices', [['getDevices']], ['ReceivedDeviceList']],
    ['getSelectedDevice without a preview', [['getSelectedDevice', { kind: 'videoinput' }]], [], { returns: [] }],
    ['stopPreview', [['stopPreview']], ['StopPreviewSuccess']],
    ['setMediaStream', [['setMediaStream', { stream: '$canvas' }]]],
    [
      'on, then off',
      [
        ['on', 'StopPreviewSuccess', '$handler'],
        ['off', 'StopPreviewSuccess', '$handler'],
      ],
      [],
      { returns: '$user' },
    ],
    [
      'addListener of a pattern, then removeListener',
      [
        ['addListener', '$everything', '$handler'],
        ['removeListener', '$everything', '$handler'],
      ],
      [],
      { returns: '$user' },
    ],
    [
      'once, then removeAllListeners',
      [
        ['once', 'Error', '$handler'],
        ['removeAllListeners', 'Error'],
      ],
      [],
      { returns: '$user' },
    ],
  ),
  ...rows(
    'signed in',
    ['isSignedIn after a sign-in', [['isSignedIn']], [], { returns: true }],
    ['checkServer after a sign-in', [['checkServer']], ['ReceivedServerStats']],
    ['startBroadcast of nothing', [['startBroadcast', {}]], ['StartBroadcastError 6001']],
  ),
  ...rows(
    'previewing',
    ['startPreview', [['startPreview', { elementId: 'preview' }]], PREVIEWED],
    ['getDevices after a preview', [['getDevices']], ['ReceivedDeviceList']],
    [
      'getSelectedDevice of the camera',
      [['getSelectedDevice', { kind: 'videoinput' }]],
      [],
      { returns: ['MediaStreamTrack'] },
    ],
    [
      'getSelectedDevice of the microphone',
      [['getSelectedDevice', { kind: 'audioinput' }]],
      [],
      { returns: ['MediaStreamTrack'] },
    ],
    [
      'getSelectedDevice of no kind',
      [['getSelectedDevice', { kind: 'camera' }]],
      ['GetSelectedDeviceError 1003'],
      { returns: [] },
    ],
    ['getSelectedVideoDevice', [['getSelectedVideoDevice']], [], { returns: ['MediaStreamTrack'] }],
    ['getSelectedAudioDevice', [['getSelectedAudioDevice']], [], { returns: ['MediaStreamTrack'] }],
    ['setVideoDevice', [['setVideoDevice', { device: 0, ...SMALL }]], PREVIEWED, { returns: undefined }],
    ['setAudioDevice', [['setAudioDevice', { device: '0' }]], PREVIEWED, { returns: undefined }],
    ['muteDevice', [['muteDevice', { kind: 'audioinput', mute: true }]]],
    ['muteDevice back', [['muteDevice', { kind: 'audioinput', mute: false }]]],
    ['muteDevice of no kind', [['muteDevice', { kind: 'sound', mute: true }]], ['MuteDeviceError 1003']],
    ['muteVideo', [['muteVideo', true]]],
    ['muteVideo back', [['muteVideo', false]]],
    ['muteAudio', [['muteAudio', true]]],
    ['muteAudio back', [['muteAudio', false]]],
    ['injectExternalMediaStream', [['injectExternalMediaStream', { stream: '$tone', tracks: ['audio'] }]]],
    ['startBroadcast', [['startBroadcast', NAMED]], STARTED],
    ['stopBroadcast', [['stopBroadcast']], ['StopBroadcastSuccess']],
    ['startBroadcast again, without a new sign-in', [['startBroadcast', NAMED]], STARTED],
    ['signOut while live', [['signOut']], ['StopBroadcastSuccess', 'SignOutSuccess']],
  ),
  ...warned(
    ['setVideoDevice', [{ device: 0 }], 'setVideoDevice() is deprecated'],
    ['setAudioDevice', [{ device: 0 }], 'setAudioDevice() is deprecated'],
    ['muteVideo', [true], 'muteVideo() is deprecated'],
    ['muteAudio', [true], 'muteAudio() is deprecated'],
    ['getSelectedVideoDevice', [], 'getSelectedVideoDevice() is deprecated'],
    ['getSelectedAudioDevice', [], 'getSelectedAudioDevice() is deprecated'],
    ['setIceServers', [[]], 'setIceServers() is deprecated'],
    ['addScreenCaptureExtension', ['name'], 'addScreenCaptureExtension() is deprecated'],
    ['setMediaStream', [{ stream: '$canvas' }], 'canvas'],
  ),
  ...rows(
    'live',
    ['startBroadcast while live', [['startBroadcast', {}]], ['StartBroadcastError 1006']],
    [
      'startPreview while live, which switches devices',
      [['startPreview', { videoDeviceConfig: { device: 0, ...SMALL } }]],
      PREVIEWED,
    ],
  ),
];

const accepted = (section: string, key: string, values: unknown[], wrong: [unknown, number][]) =>
  rows(
    'new',
    ...values.map((value): [string, Row['calls']] => [
      `${section}.${key}: ${value}`,
      [['setConfig', { [section]: { [key]: value } }]],
    ]),
    ...wrong.map(([value, code]): [string, Row['calls'], string[]] => [
      `${section}.${key}: ${value}, refused`,
      [['setConfig', { [section]: { [key]: value } }]],
      [`SetConfigError ${code}`],
    ]),
  );

/** Numbers of a picture that are refused. */
const sizes = (name: string, calls: (size: object) => Row['calls']): Row[] =>
  rows(
    'new',
    ...(
      [
        ['width', [319, 3841]],
        ['height', [239, 2161]],
        ['framerate', [-1, 61]],
      ] as const
    ).flatMap(([key, values]) =>
      [...values.map((value) => [value, 1002] as const), ['15', 1001] as const].map(
        ([value, code]): [string, Row['calls'], string[]] => [
          `${name}${key}: ${typeof value === 'string' ? `"${value}"` : value}, refused`,
          calls({ [key]: value }),
          [`StartPreviewError ${code}`],
        ],
      ),
    ),
  );

const start = (config: object): Row['calls'] => [['startBroadcast', config]];
const preview = (config: object): Row['calls'] => [['startPreview', config]];

/** Every option: a value that is taken, and wrong ones. */
export const OPTIONS: Row[] = [
  ...rows(
    'new',
    ['signIn: wss server', [['signIn', { server: 'wss://localhost:9/whip' }]], ['SignInError 4000']],
    [
      'signIn: jwt, bintuApiKey, token, userName, room',
      [['signIn', { server: '$server', jwt: 'a', bintuApiKey: 'b', token: 'c', userName: 'd', room: 'e' }]],
      ['SignInSuccess'],
    ],
    ...[0, 1, 2, 3, 4].map((logLevel): [string, Row['calls']] => [
      `logLevel: ${logLevel}`,
      [['setConfig', { logLevel }]],
    ]),
    ['logLevel: 5, refused', [['setConfig', { logLevel: 5 }]], ['SetConfigError 1002']],
    ['codecs, which left v5', [['setConfig', { codecs: { videoCodec: 'H264' } }]]],
    [
      'reconnect.minDelay above reconnect.maxDelay, refused',
      [['setConfig', { reconnect: { minDelay: 5, maxDelay: 4 } }]],
      ['SetConfigError 1002'],
    ],
    ['enableStats: interval 5000 ms', [['enableStats', true, 5000]]],
    ['enableStats: interval 500 ms, refused', [['enableStats', true, 500]], ['Error 1002']],
    ['enableStats: off, whatever the interval', [['enableStats', false, 0]]],
    ['checkServer: { server }', [['checkServer', { server: '$server' }]], ['ReceivedServerStats']],
    ['startPreview: elementId', preview({ elementId: 'preview', videoDeviceConfig: SMALL }), PREVIEWED],
    ['startPreview: elementId of nothing', preview({ elementId: 'nothing' }), ['StartPreviewError 1004']],
    ['startPreview: useWebView', preview({ useWebView: false, videoDeviceConfig: SMALL }), PREVIEWED],
    ['videoDeviceConfig.device: false', preview({ videoDeviceConfig: { device: false } }), PREVIEWED],
    ['videoDeviceConfig.device: 0', preview({ videoDeviceConfig: { device: 0 } }), PREVIEWED],
    ['videoDeviceConfig.device: "0"', preview({ videoDeviceConfig: { device: '0' } }), PREVIEWED],
    [
      'videoDeviceConfig.device: 99, refused',
      preview({ videoDeviceConfig: { device: 99 } }),
      ['StartPreviewError 6004'],
    ],
    ...['true', ''].map((device): [string, Row['calls'], string[]] => [
      `videoDeviceConfig.device: "${device}"`,
      preview({ videoDeviceConfig: { device, ...SMALL } }),
      PREVIEWED,
    ]),
    ['videoDeviceConfig.device: "false"', preview({ videoDeviceConfig: { device: 'false' } }), PREVIEWED],
    ['audioDeviceConfig.device: "false"', preview({ audioDeviceConfig: { device: 'false' } }), PREVIEWED],
    [
      'videoDeviceConfig.source: screen, with the microphone',
      preview({ videoDeviceConfig: { source: 'screen', ...SMALL }, audioDeviceConfig: { device: true } }),
      ['StartPreviewSuccess'],
      {
        only: 'chromium',
        event: {
          name: 'StartPreviewSuccess',
          data: {
            constraints: { audio: { deviceId: 'string' }, video: { source: 'screen' } },
            metadata: { width: 'number', height: 'number', hasAudio: true, hasVideo: true },
            stream: 'MediaStream',
          },
        },
      },
    ],
    ['videoDeviceConfig.source: camera', preview({ videoDeviceConfig: { source: 'camera', ...SMALL } }), PREVIEWED],
    ['audioDeviceConfig.device: false', preview({ audioDeviceConfig: { device: false } }), PREVIEWED],
    ['audioDeviceConfig.device: "0"', preview({ audioDeviceConfig: { device: '0' } }), PREVIEWED],
    [
      'audioDeviceConfig filters',
      preview({ audioDeviceConfig: { autoGainControl: false, echoCancellation: false, noiseSuppression: false } }),
      PREVIEWED,
    ],
    [
      'both devices false, refused',
      preview({ videoDeviceConfig: { device: false }, audioDeviceConfig: { device: false } }),
      ['StartPreviewError 6001'],
    ],
    ['setMediaStream: no stream, refused', [['setMediaStream', { stream: {} }]], ['StartPreviewError 1004']],
    [
      'setMediaStream: an empty stream, refused',
      [['setMediaStream', { stream: '$empty' }]],
      ['StartPreviewError 6001'],
    ],
    ['setMediaStream: width, height, framerate', [['setMediaStream', { stream: '$canvas', ...SMALL }]]],
  ),
  ...accepted(
    'reconnect',
    'minDelay',
    [1, 2.5],
    [
      [0, 1002],
      ['1', 1001],
    ],
  ),
  ...accepted(
    'reconnect',
    'maxDelay',
    [1, 8],
    [
      [0.5, 1002],
      [null, 1001],
    ],
  ),
  ...accepted(
    'reconnect',
    'maxRetries',
    [0, 10],
    [
      [-1, 1002],
      [1.5, 1002],
      [true, 1001],
    ],
  ),
  ...accepted(
    'bitrates',
    'videoSendInitialBitrate',
    [0, 34000],
    [
      [34001, 1002],
      ['2000', 1001],
    ],
  ),
  ...accepted(
    'bitrates',
    'videoSendBitrate',
    [0, 34000],
    [
      [-1, 1002],
      ['2000', 1001],
    ],
  ),
  ...accepted(
    'bitrates',
    'audioSendBitrate',
    [0, 510],
    [
      [511, 1002],
      ['64', 1001],
    ],
  ),
  ...accepted('metrics', 'accountId', ['id'], [[7, 1001]]),
  ...accepted('metrics', 'accountKey', ['key'], [[7, 1001]]),
  ...accepted('metrics', 'eventId', ['event'], [[7, 1001]]),
  ...accepted(
    'metrics',
    'statsInterval',
    [1, 10],
    [
      [11, 1002],
      ['5', 1001],
    ],
  ),
  ...Array.from({ length: 10 }, (_, index) => `customField${index + 1}`).flatMap((key) =>
    accepted('metrics', key, ['text'], [[1, 1001]]),
  ),
  ...sizes('videoDeviceConfig.', (size) => preview({ videoDeviceConfig: size })),
  ...sizes('setMediaStream: ', (size) => [['setMediaStream', { stream: '$canvas', ...size }]]),
  ...warned(
    ['signIn', [{ server: '$server', token: 'a' }], 'token is deprecated', ['SignInSuccess']],
    ['signIn', [{ server: '$server', bintuApiKey: 'a' }], 'bintuApiKey has no effect', ['SignInSuccess']],
    ['setConfig', [{ metrics: { accountId: 'a' } }], 'metrics are not uploaded'],
    ...['audiobitrate', 'rtmpconnectinfo'].map((key): [string, unknown[], string, string[]] => [
      'startBroadcast',
      [{ transcodingTargets: { [key]: key === 'audiobitrate' ? 64000 : { key: 'value' } } }],
      `${key} has no effect`,
      ['StartBroadcastError 4001'],
    ]),
  ),
  ...rows(
    'signed in',
    ['transcodingTargets of a wrong type', start({ transcodingTargets: 7 }), ['StartBroadcastError 1001']],
    [
      'transcodingTargets.output of a wrong type',
      start({ transcodingTargets: { output: 7 } }),
      ['StartBroadcastError 1001'],
    ],
    [
      'transcodingTargets.audiobitrate of a wrong type',
      start({ transcodingTargets: { audiobitrate: '64000' } }),
      ['StartBroadcastError 1001'],
    ],
    [
      'transcodingTargets.rtmpconnectinfo that is nested',
      start({ transcodingTargets: { rtmpconnectinfo: { key: {} } } }),
      ['StartBroadcastError 1002'],
    ],
    [
      'encoding.h264Profile of another name',
      start({ encoding: { h264Profile: 'high' } }),
      ['StartBroadcastError 1003'],
    ],
    ['jwt of a wrong type', start({ jwt: 7 }), ['StartBroadcastError 1001']],
  ),
  ...rows(
    'previewing',
    ['jwt alone', start({ jwt: jwtOf({ streamname: 'claimed' }) }), STARTED],
    ['stopBroadcast', [['stopBroadcast']], ['StopBroadcastSuccess']],
    [
      'everything that a start takes',
      start({
        transcodingTargets: {
          output: 'rtmp://localhost:1935/live',
          streamname: 'conformance',
          audiobitrate: 64000,
          rtmpconnectinfo: { key1: 'value1', key2: 7.5, key3: false },
        },
        encoding: { h264Profile: 'cbp' },
      }),
      STARTED,
    ],
  ),
];

const restart: Row['calls'] = [['stopBroadcast'], ['signIn', { server: '$server' }], ['startBroadcast', NAMED]];
/** The same on a server that reports on its RTMP output. */
const startWithOutput: Row['calls'] = [
  ['stopBroadcast'],
  ['signIn', { server: '$output' }],
  ['$report', 'broadcasting'],
  ['startBroadcast', NAMED],
];

/** Every event and its payload. */
export const PAYLOADS: Row[] = [
  ...rows(
    'new',
    [
      'SignInSuccess',
      [['signIn', { server: '$server' }]],
      ['SignInSuccess'],
      { event: { name: 'SignInSuccess', data: { server: 'text', userId: 'string' }, target: '$user' } },
    ],
    ['SignInError', [['signIn', { server: '' }]], ['SignInError 1002'], { event: ERROR(1002, 'GeneralError') }],
    ['SignOutSuccess', [['signOut']], ['SignOutSuccess'], { event: { name: 'SignOutSuccess', data: {} } }],
    [
      'SetConfigError',
      [['setConfig', { logLevel: '3' }]],
      ['SetConfigError 1001'],
      { event: ERROR(1001, 'GeneralError') },
    ],
    [
      'ReceivedServerStats',
      [['checkServer', '$server']],
      ['ReceivedServerStats'],
      {
        event: {
          name: 'ReceivedServerStats',
          data: { stats: { hostname: 'localhost', domainname: 'localhost', reachable: true } },
        },
      },
    ],
    ['ReceivedDeviceList', [['getDevices']], ['ReceivedDeviceList'], { event: DEVICES }],
    [
      'CaptureStatus',
      [['setMediaStream', { stream: '$canvas', width: 640, height: 480 }]],
      ['CaptureStatus'],
      {
        event: {
          name: 'CaptureStatus',
          data: { kind: 'videoinput', state: 'different', device: 'string', message: 'text' },
        },
      },
    ],
    ['StopBroadcastError', [['stopBroadcast']], ['StopBroadcastError 5003'], { event: ERROR(5003, 'BroadcastError') }],
    ['StartBroadcastError', [['startBroadcast']], ['StartBroadcastError 4001'], { event: ERROR(4001, 'SessionError') }],
    [
      'StartPreviewError',
      preview({ videoDeviceConfig: { device: 99 } }),
      ['StartPreviewError 6004'],
      { event: ERROR(6004, 'WebRTCError') },
    ],
    [
      'StopPreviewSuccess',
      [['stopPreview']],
      ['StopPreviewSuccess'],
      { event: { name: 'StopPreviewSuccess', data: {} } },
    ],
    [
      'MuteDeviceError',
      [['muteDevice', { kind: 'videoinput', mute: 'yes' }]],
      ['MuteDeviceError 1001'],
      { event: ERROR(1001, 'GeneralError') },
    ],
    [
      'GetSelectedDeviceError',
      [['getSelectedDevice', {}]],
      ['GetSelectedDeviceError 1003'],
      { event: ERROR(1003, 'GeneralError') },
    ],
    [
      'Error',
      [['sendMetaData', 'onCuePoint', { title: 'show' }]],
      ['Error 1006'],
      { event: ERROR(1006, 'GeneralError') },
    ],
  ),
  ...rows('denied', [
    'GetDevicesError',
    [['getDevices']],
    ['GetDevicesError 6006'],
    { event: ERROR(6006, 'WebRTCError') },
  ]),
  ...rows(
    'previewing',
    ['StartPreviewSuccess', preview({ videoDeviceConfig: SMALL }), ['StartPreviewSuccess'], { event: PREVIEW }],
    [
      'StartBroadcastSuccess',
      start({ transcodingTargets: { output: 'rtmp://localhost/live', streamname: 'conformance' } }),
      ['signalling', 'connected', 'StartBroadcastSuccess'],
      {
        event: {
          name: 'StartBroadcastSuccess',
          data: { output: 'rtmp://localhost/live', streamname: 'conformance', stream: 'MediaStream' },
        },
      },
    ],
    [
      'StopBroadcastSuccess',
      [['stopBroadcast']],
      ['StopBroadcastSuccess'],
      { event: { name: 'StopBroadcastSuccess', data: { streamname: 'conformance' } } },
    ],
    [
      'StartBroadcastSuccess with a jwt',
      start({ jwt: jwtOf({ ingesturl: 'rtmp://localhost/live', streamname: 'claimed' }) }),
      ['signalling', 'connected', 'StartBroadcastSuccess'],
      {
        event: {
          name: 'StartBroadcastSuccess',
          data: { output: 'rtmp://localhost/live', streamname: 'claimed', stream: 'MediaStream' },
        },
      },
    ],
    ...(['signalling', 'connected', 'broadcasting'] as const).map(
      (message, index): [string, Row['calls'], string[], Partial<Row>] => [
        `BroadcastStatus ${message}`,
        [['stopBroadcast'], ...start(NAMED)],
        STARTED.slice(0, STARTED.indexOf(message) + 1),
        { event: STATUS(message, 4 + index) },
      ],
    ),
    [
      'BroadcastStatus reconnecting, of the RTMP output',
      [...startWithOutput, ['$report', 'reconnecting']],
      ['reconnecting'],
      { event: STATUS('reconnecting', 7, { reconnect: undefined }) },
    ],
    [
      'BroadcastError of the RTMP output',
      [...startWithOutput, ['$report', 'failed']],
      ['BroadcastError 109000'],
      { event: ERROR(109000, 'RTMPError') },
    ],
    [
      'BroadcastError of the connection',
      [...restart, ['$endSessions']],
      ['BroadcastError 5002'],
      { event: ERROR(5002, 'BroadcastError') },
    ],
  ),
  ...rows('live', [
    'ReceivedWebRTCStats',
    [['enableStats']],
    ['ReceivedWebRTCStats'],
    {
      event: {
        name: 'ReceivedWebRTCStats',
        data: {
          message: 'broadcasting',
          results: RESULTS,
          quality: 'text',
          stats: { results: RESULTS, state: 6, streamname: 'conformance', text: 'broadcasting' },
        },
      },
    },
  ]),
  ...rows('previewing', [
    'BroadcastStatus reconnecting_broadcast',
    [['setConfig', { reconnect: {} }], ...restart, ['$endSessions']],
    ['reconnecting_broadcast'],
    {
      event: STATUS('reconnecting_broadcast', 7, {
        reconnect: {
          cause: 'server',
          method: 'new-session',
          attempt: 'number',
          maxRetries: 10,
          delay: 'number',
          lostAt: 'number',
        },
      }),
    },
  ]),
];

const refused = (status: number, options: object = {}): Row['calls'] => [
  ['signIn', { server: `$status/${status}`, ...options }],
  ['startBroadcast', {}],
];

/** The error codes that no row above brings about. */
export const CODES: Row[] = [
  ...rows('new', ['4000: nobody there', [['signIn', { server: 'https://localhost:9/whip' }]], ['SignInError 4000']]),
  ...rows(
    'denied',
    ['6005: camera not allowed', preview({}), ['StartPreviewError 6005']],
    ['6008: screen not allowed', preview({ videoDeviceConfig: { source: 'screen' } }), ['StartPreviewError 6008']],
  ),
  ...rows(
    'previewing',
    ['5001: no such endpoint', refused(404), ['signalling', 'StartBroadcastError 5001']],
    ['101001: the server fails', refused(503), ['signalling', 'StartBroadcastError 101001']],
    ['102001: access denied', refused(403), ['signalling', 'StartBroadcastError 102001']],
    ['103001: no token', refused(401), ['signalling', 'StartBroadcastError 103001']],
    ['103003: a token that is refused', refused(401, { jwt: 'a' }), ['signalling', 'StartBroadcastError 103003']],
    [
      "103003: the start's own token is refused",
      [
        ['signIn', { server: '$status/401' }],
        ['startBroadcast', { jwt: 'a' }],
      ],
      ['signalling', 'StartBroadcastError 103003'],
    ],
    [
      '103003: a token that is over',
      refused(403, { jwt: jwtOf({ exp: 1 }) }),
      ['signalling', 'StartBroadcastError 103003'],
    ],
    [
      '103004: a token for no stream',
      refused(404, { jwt: jwtOf({ streamname: 'a' }) }),
      ['signalling', 'StartBroadcastError 103004'],
    ],
  ),
];

/** v5's codes that nothing brings about here, and why. */
export const UNUSED_CODES: Record<number, string> = {
  1000: 'every error has a code of its own',
  1005: 'the browser has what is used, or checkSupport says 1 or 3',
  2000: 'deprecated',
  3000: 'WHIP has no WebSocket',
  3001: 'WHIP has no WebSocket',
  3002: 'WHIP has no WebSocket',
  6000: 'a silent device is told as CaptureStatus, and ends nothing',
  6002: 'streams are not looked up',
  6003: 'streams are not looked up',
  101002: 'a WHIP server says it with a status: 5001',
  101003: 'a WHIP server says it with a status: 5001',
  103000: 'WHIP has no such step',
  103002: 'WHIP has no such step',
  104001: 'WHIP has no such step',
  104002: 'WHIP has no such step',
  106001: 'WHIP has no such step',
  107001: 'WHIP has no such step',
  107002: 'WHIP has no such step',
};

/** v5's events that nothing brings about here, and why. */
export const UNUSED_EVENTS: Record<string, string> = {
  SignOutError: 'there is nothing to sign out from at a server, and a broadcast always ends',
  StopPreviewError: 'what was captured can always be let go of',
};

/** All codes that v5 documents one by one. */
export const V5_CODES = [
  1000, 1001, 1002, 1003, 1004, 1005, 1006, 2000, 3000, 3001, 3002, 4000, 4001, 5001, 5002, 5003, 6000, 6001, 6002,
  6003, 6004, 6005, 6006, 6008, 101001, 101002, 101003, 102001, 103000, 103001, 103002, 103003, 103004, 104001, 104002,
  106001, 107001, 107002, 109000,
];

/** All methods that v5 documents, and those of its samples. */
export const V5_METHODS = [
  'checkSupport',
  'signIn',
  'signOut',
  'isSignedIn',
  'setConfig',
  'setIceServers',
  'checkServer',
  'enableStats',
  'startBroadcast',
  'stopBroadcast',
  'sendMetaData',
  'addScreenCaptureExtension',
  'isScreenCaptureAvailable',
  'getDevices',
  'setVideoDevice',
  'setAudioDevice',
  'getSelectedVideoDevice',
  'getSelectedAudioDevice',
  'getSelectedDevice',
  'startPreview',
  'stopPreview',
  'muteVideo',
  'muteAudio',
  'muteDevice',
  'injectExternalMediaStream',
  'setMediaStream',
  'on',
  'once',
  'off',
  'addListener',
  'removeListener',
  'removeAllListeners',
];

/** All events that v5 documents. */
export const V5_EVENTS = [
  'SignInSuccess',
  'SignInError',
  'SignOutSuccess',
  'SignOutError',
  'SetConfigError',
  'ReceivedServerStats',
  'ReceivedWebRTCStats',
  'StartBroadcastSuccess',
  'StartBroadcastError',
  'BroadcastStatus',
  'BroadcastError',
  'StopBroadcastSuccess',
  'StopBroadcastError',
  'ReceivedDeviceList',
  'GetDevicesError',
  'GetSelectedDeviceError',
  'StartPreviewSuccess',
  'StartPreviewError',
  'StopPreviewSuccess',
  'StopPreviewError',
  'MuteDeviceError',
  'Error',
];
