/** What v5's classic script offers as `window.nanowebrtc`; the build adds the `version`. */
export { RtcUser as user } from './rtc-user.js';
