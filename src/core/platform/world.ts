/** What a permissions policy may keep from a page. */
export type CaptureFeature = 'camera' | 'microphone' | 'display-capture';

/** Chromium's `CaptureController`, as far as it is used. */
export interface ScreenController {
  /** Decides whether the shared window comes to the front. */
  setFocusBehavior(behavior: 'no-focus-change'): void;
}

/** What the core takes from its surroundings. Tests inject their own; the browser's globals are the default. */
export interface World {
  /** Sends the HTTP requests. */
  fetch: typeof fetch;
  /** Undefined if the browser has no WebRTC. */
  RTCPeerConnection: typeof RTCPeerConnection | undefined;
  /** `RTCRtpSender.getCapabilities`: the codecs that this browser can send. */
  senderCodecs: (kind: 'audio' | 'video') => RTCRtpCodec[];
  /** `RTCRtpReceiver.getCapabilities`: the codecs that this browser can receive. */
  receiverCodecs: (kind: 'audio' | 'video') => RTCRtpCodec[];
  /** Missing on insecure pages. */
  mediaDevices: MediaDevices | undefined;
  /** Creates an empty `MediaStream`. */
  createStream: () => MediaStream;
  /** Undefined where there is no page to draw in or to play in. */
  createCanvas: () => HTMLCanvasElement | undefined;
  /** Creates a `<video>`; undefined without a document. */
  createVideo: () => HTMLVideoElement | undefined;
  /** Undefined where sound cannot be mixed. */
  createAudioContext: () => AudioContext | undefined;
  /** Undefined if the browser has none: Chromium does. */
  createCaptureController: () => ScreenController | undefined;
  /** The state of a permission, which changes with what people decide; undefined if the browser reports none. */
  queryPermission: (name: 'camera' | 'microphone') => Promise<PermissionStatus | undefined>;
  /** Whether the page is a secure context. Browsers allow capture only there. */
  isSecureContext: boolean;
  /** Whether the page around this one, and the servers of both, let this page use a feature at all. */
  isFeatureAllowed: (feature: CaptureFeature) => boolean;
  /** How the browser names itself. */
  userAgent: string;
  /** `navigator.onLine`: a hint, which may be wrong. */
  isOnLine: () => boolean;
  /** Calls back when the network may have changed: offline, online, another kind of connection. */
  onNetworkChange: (callback: () => void, signal: AbortSignal) => void;
  /** Calls back when the page is shown again, or goes on after it was frozen. */
  onForeground: (callback: () => void, signal: AbortSignal) => void;
  /** Calls back when somebody clicks or presses a key: browsers allow more from then on. */
  onGesture: (callback: () => void, signal: AbortSignal) => void;
  /** `sessionStorage`; missing where the page may not have it. */
  storage: Storage | undefined;
  /** Whether this page was loaded by a reload. */
  isReload: () => boolean;
  /** The origin of the page, which `fetch` compares endpoints with. */
  origin: string | undefined;
  /** What a relative endpoint is relative to. */
  baseUrl: string | undefined;
  /** Milliseconds on a clock that never jumps, for durations. Some browsers pause it while the device sleeps. */
  monotonicNow: () => number;
  /** Milliseconds since 1970, for dates. People and systems set this clock, so no duration may depend on it. */
  wallNow: () => number;
  /** From 0 to below 1. */
  random: () => number;
  /** Starts a timer. */
  setTimeout: (callback: () => void, milliseconds: number) => unknown;
  /** Stops a timer of `setTimeout`. */
  clearTimeout: (timer: unknown) => void;
  /** Where errors of a page's own handlers go, so that they show up and harm nothing. */
  reportError: (error: unknown) => void;
}

/** The same for all users of a page, so that what they share is found by it. */
const fetchOfPage: typeof fetch = (...request) => globalThis.fetch(...request);

/** The world of the page this runs in; in Node, a world without media. */
export function browserWorld(): World {
  return {
    fetch: fetchOfPage,
    RTCPeerConnection: globalThis.RTCPeerConnection,
    senderCodecs: (kind) => globalThis.RTCRtpSender?.getCapabilities(kind)?.codecs ?? [],
    receiverCodecs: (kind) => globalThis.RTCRtpReceiver?.getCapabilities(kind)?.codecs ?? [],
    mediaDevices: globalThis.navigator?.mediaDevices,
    createStream: () => new MediaStream(),
    createCanvas: () => globalThis.document?.createElement('canvas'),
    createVideo: () => globalThis.document?.createElement('video'),
    createAudioContext: () => (globalThis.AudioContext ? new AudioContext() : undefined),
    createCaptureController,
    queryPermission,
    isSecureContext: globalThis.isSecureContext ?? true,
    isFeatureAllowed,
    userAgent: globalThis.navigator?.userAgent ?? '',
    isOnLine: () => globalThis.navigator?.onLine !== false,
    onNetworkChange: watchNetwork,
    onForeground: watchForeground,
    onGesture: (callback, signal) => {
      for (const name of ['pointerup', 'keydown'])
        globalThis.addEventListener?.(name, callback, { signal, capture: true });
    },
    storage: sessionStorageIfAllowed(),
    isReload: () => {
      const [navigation] = globalThis.performance.getEntriesByType('navigation');
      return (navigation as PerformanceNavigationTiming | undefined)?.type === 'reload';
    },
    origin: globalThis.origin,
    baseUrl: globalThis.document?.baseURI,
    monotonicNow: () => performance.now(),
    wallNow: () => Date.now(),
    random: () => Math.random(),
    setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
    clearTimeout: (timer) => globalThis.clearTimeout(timer as number),
    reportError: (error) => globalThis.reportError?.(error),
  };
}

/** `navigator.connection`, which only Chromium has; its `type` only on phones. */
interface NetworkInformation extends EventTarget {
  type?: string;
}

/** Calls back when the browser goes offline, comes online, or moves to another kind of network. */
function watchNetwork(callback: () => void, signal: AbortSignal): void {
  for (const name of ['online', 'offline']) globalThis.addEventListener?.(name, callback, { signal });
  const { connection } = (globalThis.navigator ?? {}) as { connection?: NetworkInformation };
  let type = connection?.type;
  const changed = () => {
    // It changes with every new estimate of the bandwidth too.
    if (type === connection?.type) return;
    type = connection?.type;
    callback();
  };
  connection?.addEventListener('change', changed, { signal });
}

/** TypeScript does not know it (Screen Capture, conditional focus). */
type CaptureControllers = new () => { setFocusBehavior(behavior: string): void };

function createCaptureController(): { setFocusBehavior(behavior: string): void } | undefined {
  const { CaptureController } = globalThis as { CaptureController?: CaptureControllers };
  return CaptureController && 'setFocusBehavior' in CaptureController.prototype ? new CaptureController() : undefined;
}

/** Browsers differ in the names that they know, and throw on others. */
async function queryPermission(name: string): Promise<PermissionStatus | undefined> {
  try {
    return await globalThis.navigator?.permissions?.query({ name: name as PermissionName });
  } catch {
    return undefined;
  }
}

/** Only Chromium reports it; elsewhere a frame that cannot see the page at the top may have been given nothing. */
function isFeatureAllowed(feature: CaptureFeature): boolean {
  const { featurePolicy } = (globalThis.document ?? {}) as { featurePolicy?: FeaturePolicy };
  try {
    return featurePolicy?.allowsFeature(feature) ?? globalThis.top?.location.href !== '';
  } catch {
    return false;
  }
}

interface FeaturePolicy {
  allowsFeature(feature: string): boolean;
}

function watchForeground(callback: () => void, signal: AbortSignal): void {
  const { document } = globalThis;
  document?.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && callback(), {
    signal,
  });
  document?.addEventListener('resume', callback, { signal });
  globalThis.addEventListener?.('pageshow', callback, { signal });
}

/** The mere access throws in a sandboxed frame. */
function sessionStorageIfAllowed(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
