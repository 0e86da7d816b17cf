import './define.js';

export { NanoWebcaster } from './element/nano-webcaster.js';
export * from './element/events.js';
export type { Status, WebcasterCore } from './element/webcaster-core.js';
export type { Strings } from './element/strings.js';
export * from './core/index.js';
