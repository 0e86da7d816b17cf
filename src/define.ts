import { NanoWebcaster } from './element/nano-webcaster.js';

// Without a DOM there is nothing to register with, unless Lit's build for servers has made a registry.
if (globalThis.customElements) NanoWebcaster.define();
