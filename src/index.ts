import './define.js';

export { NanoWebcaster } from './element/nano-webcaster.js';
export * from './element/events.js';
export type { Quality, Stats, Status, WebcasterCore } from './element/webcaster-core.js';
export { addLanguage } from './element/languages/registry.js';
export type { OwnStrings, Strings } from './element/strings.js';
export * from './core/index.js';
