import { NanoWebcaster } from './element/nano-webcaster.js';

// In Node, where pages are rendered without a DOM, there is nothing to register with.
if (globalThis.customElements) NanoWebcaster.define();
