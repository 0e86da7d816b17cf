export { RtcUser } from './rtc-user.js';
export { RtcUserError } from './api/errors.js';
export { waitBefore } from './broadcast/back-off.js';
export type { InjectConfig, MuteConfig, RtcUserOptions, SelectedDeviceConfig } from './rtc-user.js';
export type { SignInOptions } from './broadcast/sign-in.js';
export type { StartBroadcastConfig, TranscodingTargets } from './api/start-config.js';
export type { AudioDeviceConfig, VideoFormat, PreviewConfig, VideoDeviceConfig } from './api/preview-config.js';
export type { DeviceChoice } from './api/preview-config.js';
export type { EncodingConfig, VideoCodec } from './api/encoding-config.js';
export type { BitratesConfig, Config, ConfigPatch, MetricsConfig, ReconnectConfig } from './api/config.js';
export type { ErrorCode, ErrorMetadata, ErrorName, ErrorType } from './api/errors.js';
export type { LogLevel, LogSink } from './platform/logger.js';
export type { BroadcastReport, Outage } from './stats/report.js';
export type { TimelineEntry } from './stats/timeline.js';
export type { SupportLevel } from './platform/support.js';
export type { World } from './platform/world.js';
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
  QualityLimitationReason,
  ReconnectInfo,
  RecoveryMethod,
  RtcUserEvent,
  RtcUserHandler,
  ServerStats,
  WebRTCResults,
  WebRTCStatsData,
} from './api/events.js';
