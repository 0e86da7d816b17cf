import type { AudioDeviceConfig, PreviewConfig, VideoDeviceConfig } from './preview-config.js';
import type { ConfigPatch } from './config.js';

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
  /** STUN and TURN servers to use instead of those that the WHIP server offers; from the next connection or ICE restart on. */
  setIceServers(iceServers: RTCIceServer[]): Promise<void>;
  /** Does nothing: browsers capture the screen without an extension. */
  addScreenCaptureExtension(name: string): void;
}

/** The methods that the deprecated ones call. */
interface Methods {
  muteDevice(config: { kind: 'videoinput' | 'audioinput'; mute: boolean }): Promise<void>;
  getSelectedDevice(config: { kind: 'videoinput' | 'audioinput' }): MediaStreamTrack[];
  setConfig(config: ConfigPatch): Promise<void>;
}

/** What older methods need of a user beside its public face. */
export interface Inside<User extends Methods> {
  warnOnce: (user: User, message: string) => void;
  chooseDevices: (user: User, devices: PreviewConfig) => void;
}

/** By older method: what to write in its place, and what it does with its argument. */
const METHODS: Record<
  keyof OlderMethods,
  [newer: string, call: (user: Methods, given: never, inside: Inside<Methods>) => unknown]
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
export function defineOlderMethods<User extends Methods>(prototype: User, inside: Inside<User>): void {
  for (const [name, [newer, call]] of Object.entries(METHODS)) {
    const value = function (this: User, given: never): unknown {
      inside.warnOnce(this, `${name}() is deprecated; write ${newer} in its place.`);
      return call(this, given, inside as Inside<Methods>);
    };
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  }
}
