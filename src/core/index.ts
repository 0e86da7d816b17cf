export { RtcUser } from './rtc-user.js';
export { RtcUserError } from './errors.js';
export { waitBefore } from './broadcast/reconnect-policy.js';
export type { InjectConfig, MuteConfig, RtcUserOptions, SelectedDeviceConfig } from './rtc-user.js';
export type { OlderMethods } from './older-methods.js';
export type { SignInOptions } from './session.js';
export type { StartBroadcastConfig, TranscodingTargets } from './start-config.js';
export type { AudioDeviceConfig, PictureSize, PreviewConfig, VideoDeviceConfig } from './media/preview-config.js';
export type { DeviceChoice } from './media/devices.js';
export type { EncodingConfig, VideoCodec } from './media/encoding.js';
export type { BitratesConfig, Config, ConfigPatch, MetricsConfig, ReconnectConfig } from './config.js';
export type { ErrorCode, ErrorMetadata, ErrorName, ErrorType } from './errors.js';
export type { LogLevel, LogSink } from './logger.js';
export type { BroadcastReport, Outage } from './stats/report.js';
export type { SupportLevel } from './support.js';
export type { World } from './world.js';
export type {
  BroadcastData,
  BroadcastMessage,
  BroadcastStatusData,
  CaptureState,
  CaptureStatusData,
  DeviceList,
  DeviceListData,
  ErrorData,
  EventName,
  FrameSize,
  ListedDevice,
  LossCause,
  PreviewConstraints,
  PreviewData,
  Quality,
  ReconnectInfo,
  RecoveryRung,
  RtcUserEvent,
  RtcUserHandler,
  ServerStats,
  WebRTCResults,
  WebRTCStatsData,
} from './events.js';
