/** One thing that the browser did, for the timeline of a test. */
export interface Witnessed {
  /** Milliseconds since 1970. */
  at: number;
  what: string;
}

/** Script of a page that notes what the browser tells of the network: states, requests, `online` and `offline`. */
export const NETNS_WITNESS = `<script>
(() => {
  const witnessed = (window.witnessed = []);
  const note = (what) => witnessed.push({ at: Date.now(), what });
  for (const name of ['online', 'offline']) addEventListener(name, () => note(name));
  navigator.connection?.addEventListener('change', () => note('connection change'));
  let connections = 0;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...settings) {
      super(...settings);
      const number = ++connections;
      this.addEventListener('iceconnectionstatechange', () => note(number + ' ice ' + this.iceConnectionState));
      this.addEventListener('connectionstatechange', () => note(number + ' connection ' + this.connectionState));
      this.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate && candidate.candidate) note(number + ' candidate ' + candidate.candidate.split(' ').slice(2, 6).join(' '));
      });
    }
  };
  const { fetch } = window;
  let requests = 0;
  window.fetch = async (url, settings = {}) => {
    const name = '#' + ++requests + ' ' + (settings.method ?? 'GET');
    note(name);
    try {
      const response = await fetch(url, settings);
      note(name + ' ' + response.status);
      return response;
    } catch (error) {
      note(name + ' ' + error.name);
      throw error;
    }
  };
})();
</script>`;
