import type { AudioDeviceConfig, VideoDeviceConfig } from './preview-config.js';

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
