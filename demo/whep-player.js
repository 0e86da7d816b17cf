const PLAYING = 'Playing';
/** True before a broadcast, after it and while it is being recovered. */
const NOBODY = 'Waiting for the stream';
/** Milliseconds without a new frame after which the picture counts as frozen. */
const FROZEN_AFTER = 500;

/**
 * A small WHEP player that stays with its stream: it asks again while nobody publishes, and when its own connection is
 * lost. For the demo pages and the tests; not part of the package.
 *
 * <whep-player src="/whep/demo" token="…"></whep-player>
 */
class WhepPlayer extends HTMLElement {
  #video = document.createElement('video');
  #life;
  #lastFrameAt = 0;
  #timer;

  connectedCallback() {
    this.#life = new AbortController();
    Object.assign(this.#video, { autoplay: true, muted: true, playsInline: true });
    this.#video.setAttribute('aria-label', 'Playback');
    this.append(this.#video);
    this.#watchFrames();
    this.#timer = setInterval(() => {
      const isFrozen = this.#lastFrameAt > 0 && performance.now() - this.#lastFrameAt > FROZEN_AFTER;
      this.toggleAttribute('data-frozen', isFrozen && !document.hidden);
    }, 250);
    void this.#stayConnected(this.#life.signal);
  }

  disconnectedCallback() {
    this.#life.abort();
    clearInterval(this.#timer);
  }

  #watchFrames() {
    this.#video.requestVideoFrameCallback?.(() => {
      this.#lastFrameAt = performance.now();
      this.#watchFrames();
    });
  }

  async #stayConnected(signal) {
    while (!signal.aborted) {
      await this.#play(signal).catch((error) => this.#show(error.message));
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  /** One session; ends when it is lost. */
  async #play(signal) {
    // The development server announces here that nobody is live; a refused POST would show as an error in the console.
    const endpoint = await fetch(this.getAttribute('src'), { headers: this.#authorization, signal });
    if (endpoint.ok && endpoint.headers.has('Retry-After')) throw new Error(NOBODY);
    const peer = new RTCPeerConnection();
    let session;
    try {
      const stream = new MediaStream();
      for (const kind of ['audio', 'video']) {
        const { receiver } = peer.addTransceiver(kind, { direction: 'recvonly' });
        stream.addTrack(receiver.track);
      }
      await peer.setLocalDescription();
      await gathered(peer);
      const response = await fetch(this.getAttribute('src'), {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp', ...this.#authorization },
        body: peer.localDescription.sdp,
      });
      if (!response.ok) throw new Error(response.status === 409 ? NOBODY : `WHEP answered ${response.status}`);
      session = new URL(response.headers.get('Location'), response.url);
      await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
      this.#video.srcObject = stream;
      this.#show(PLAYING);
      await lost(peer, signal);
      this.#show('Connection lost');
    } finally {
      peer.close();
      if (session)
        fetch(session, { method: 'DELETE', keepalive: true, headers: this.#authorization }).catch(() => undefined);
    }
  }

  get #authorization() {
    const token = this.getAttribute('token');
    return token ? { Authorization: `Bearer ${token}` } : {};
  }

  #show(message) {
    this.dataset.state = message;
    // Without a stream there is nothing to control.
    this.#video.controls = message === PLAYING;
  }
}

/** Resolves when the candidates of this machine are known. */
function gathered(peer) {
  return new Promise((resolve) => {
    const check = () => peer.iceGatheringState === 'complete' && resolve();
    peer.addEventListener('icegatheringstatechange', check);
    setTimeout(resolve, 1000);
    check();
  });
}

/** Resolves when the connection is lost, or shows no life for three seconds, or nobody wants it any more. */
function lost(peer, signal) {
  return new Promise((resolve) => {
    let received = -1;
    let isSilent = 0;
    const timer = setInterval(async () => {
      const count = [...(await peer.getStats()).values()]
        .filter(({ type }) => type === 'inbound-rtp')
        .reduce((sum, { packetsReceived }) => sum + packetsReceived, 0);
      isSilent = count === received ? isSilent + 1 : 0;
      received = count;
      if (isSilent >= 3 || signal.aborted || ['failed', 'closed'].includes(peer.connectionState)) end();
    }, 1000);
    const end = () => {
      clearInterval(timer);
      resolve();
    };
    signal.addEventListener('abort', end);
    peer.addEventListener('connectionstatechange', () => peer.connectionState === 'failed' && end());
  });
}

customElements.define('whep-player', WhepPlayer);
