import type { AudioDeviceConfig, PreviewConfig, VideoDeviceConfig } from './media/preview-config.js';
import type { RtcUser } from './rtc-user.js';

/** v5's deprecated methods. They do what they always did, and each warns once of what to write in its place. */
export interface OlderMethods {
  /** Chooses the camera of the next preview, and of the running one. */
  setVideoDevice(config: VideoDeviceConfig): void;
  /** Chooses the microphone of the next preview, and of the running one. */
  setAudioDevice(config: AudioDeviceConfig): void;
  /** `muteDevice` of `videoinput`. */
  muteVideo(mute: boolean): Promise<void>;
  /** `muteDevice` of `audioinput`. */
  muteAudio(mute: boolean): Promise<void>;
  /** `getSelectedDevice` of `videoinput`. */
  getSelectedVideoDevice(): MediaStreamTrack[];
  /** `getSelectedDevice` of `audioinput`. */
  getSelectedAudioDevice(): MediaStreamTrack[];
  /** STUN and TURN servers to use instead of those that the WHIP server offers; from the next broadcast on. */
  setIceServers(iceServers: RTCIceServer[]): Promise<void>;
  /** Does nothing: browsers capture the screen without an extension. */
  addScreenCaptureExtension(name: string): void;
}

/** What older methods need of a user beside its public face. */
export interface Inside {
  warnOnce: (user: RtcUser, message: string) => void;
  chooseDevices: (user: RtcUser, devices: PreviewConfig) => void;
}

/** By older method: what to write in its place, and what it does with its argument. */
const METHODS: Record<
  keyof OlderMethods,
  [newer: string, call: (user: RtcUser, given: never, inside: Inside) => unknown]
> = {
  setVideoDevice: [
    'startPreview({ videoDeviceConfig })',
    (user, videoDeviceConfig: VideoDeviceConfig, inside) => inside.chooseDevices(user, { videoDeviceConfig }),
  ],
  setAudioDevice: [
    'startPreview({ audioDeviceConfig })',
    (user, audioDeviceConfig: AudioDeviceConfig, inside) => inside.chooseDevices(user, { audioDeviceConfig }),
  ],
  muteVideo: ['muteDevice()', (user, mute: boolean) => user.muteDevice({ kind: 'videoinput', mute })],
  muteAudio: ['muteDevice()', (user, mute: boolean) => user.muteDevice({ kind: 'audioinput', mute })],
  getSelectedVideoDevice: ['getSelectedDevice()', (user) => user.getSelectedDevice({ kind: 'videoinput' })],
  getSelectedAudioDevice: ['getSelectedDevice()', (user) => user.getSelectedDevice({ kind: 'audioinput' })],
  setIceServers: ['setConfig({ iceServers })', (user, iceServers: RTCIceServer[]) => user.setConfig({ iceServers })],
  addScreenCaptureExtension: ['nothing', () => undefined],
};

/** Gives the class that `prototype` is of the older methods. */
export function defineOlderMethods(prototype: RtcUser, inside: Inside): void {
  for (const [name, [newer, call]] of Object.entries(METHODS)) {
    const value = function (this: RtcUser, given: never): unknown {
      inside.warnOnce(this, `${name}() is deprecated; write ${newer} in its place.`);
      return call(this, given, inside);
    };
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  }
}
