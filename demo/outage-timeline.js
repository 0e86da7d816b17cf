/**
 * Draws the last minute of a broadcast: what the webcaster reported and whether the viewer's video was playing, with
 * the measured seconds of each outage. Not part of the package.
 *
 * <outage-timeline for="studio" viewer="viewer"></outage-timeline>
 */
const WINDOW = 60_000;
/** Milliseconds without a new frame after which the viewer's video counts as frozen. */
const FROZEN_AFTER = 500;
/** Milliseconds from which on an outage is wide enough for its label. */
const LABELLED_FROM = 2000;

const METHODS = { 'ice-restart': 'ICE restart', 'new-session': 'new session', browser: 'the path came back' };

class OutageTimeline extends HTMLElement {
  /** Segments as `{ from, to, kind }`; `to` is null while it lasts. */
  #lanes = { broadcaster: [], viewer: [] };
  #lastFrameAt = 0;
  #rows = {};
  #summary = document.createElement('ul');
  #timer;

  connectedCallback() {
    this.replaceChildren(...['broadcaster', 'viewer'].map((lane) => this.#row(lane)), this.#summary);
    this.#summary.setAttribute('aria-live', 'polite');
    const webcaster = document.getElementById(this.getAttribute('for'));
    webcaster.addEventListener('broadcast-status', ({ detail }) => this.#takeStatus(webcaster, detail.data));
    for (const name of ['stop-broadcast-success', 'broadcast-error', 'start-broadcast-error']) {
      webcaster.addEventListener(name, () => this.#begin('broadcaster', 'off'));
    }
    this.#watchVideo(document.getElementById(this.getAttribute('viewer')));
    this.#timer = setInterval(() => this.#draw(), 250);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #row(lane) {
    const row = document.createElement('div');
    row.className = 'lane';
    const label = Object.assign(document.createElement('span'), { textContent: lane === 'viewer' ? 'Viewer' : 'You' });
    this.#rows[lane] = Object.assign(document.createElement('div'), { className: 'track' });
    row.append(label, this.#rows[lane]);
    return row;
  }

  #takeStatus(webcaster, { message, reconnect }) {
    if (message === 'reconnecting_broadcast') {
      const lostAt = performance.now() - (Date.now() - reconnect.lostAt);
      return this.#begin('broadcaster', 'lost', lostAt);
    }
    const wasLost = this.#lanes.broadcaster.at(-1)?.kind === 'lost';
    if (message !== 'broadcasting') return wasLost ? undefined : this.#begin('broadcaster', 'connecting');
    this.#begin('broadcaster', 'live');
    const outage = webcaster.report.outages.at(-1);
    if (!wasLost || !outage?.seconds) return;
    const item = document.createElement('li');
    item.textContent = `Back after ${outage.seconds.toFixed(1)} s: ${METHODS[outage.recoveredBy] ?? 'recovered'}, cause ${outage.cause}.`;
    this.#summary.prepend(item);
    while (this.#summary.children.length > 4) this.#summary.lastChild.remove();
  }

  #watchVideo(player) {
    const look = (video) => {
      video.requestVideoFrameCallback?.(() => {
        this.#lastFrameAt = performance.now();
        this.#begin('viewer', 'live');
        look(video);
      });
    };
    const video = player?.querySelector('video');
    if (video) look(video);
  }

  /** Ends the lane's segment and begins another, unless it is of the same kind. */
  #begin(lane, kind, at = performance.now()) {
    const segments = this.#lanes[lane];
    const last = segments.at(-1);
    if (last?.kind === kind) return;
    if (last) last.to = at;
    segments.push({ from: at, to: null, kind });
  }

  #draw() {
    const now = performance.now();
    const isFrozen = this.#lastFrameAt > 0 && now - this.#lastFrameAt > FROZEN_AFTER;
    if (isFrozen && this.#lanes.viewer.at(-1)?.kind === 'live') this.#begin('viewer', 'lost', this.#lastFrameAt);
    for (const [lane, segments] of Object.entries(this.#lanes)) {
      while (segments[0]?.to && segments[0].to < now - WINDOW) segments.shift();
      this.#rows[lane].replaceChildren(...segments.map((segment) => this.#bar(segment, now)));
    }
  }

  #bar({ from, to, kind }, now) {
    const percent = (at) => 100 - (100 * (now - at)) / WINDOW;
    const left = Math.max(0, percent(from));
    const bar = document.createElement('span');
    bar.className = kind;
    bar.style.left = `${left}%`;
    bar.style.width = `${Math.max(0.3, percent(to ?? now) - left)}%`;
    const duration = (to ?? now) - from;
    if (kind === 'lost' && duration >= LABELLED_FROM) bar.textContent = `${(duration / 1000).toFixed(1)} s`;
    return bar;
  }
}

customElements.define('outage-timeline', OutageTimeline);
