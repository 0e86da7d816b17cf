/**
 * Draws the last minute of a broadcast: what the webcaster reported and whether the viewer's video was playing, with
 * the measured seconds of each outage. Not part of the package.
 *
 * <outage-timeline for="studio" viewer="viewer"></outage-timeline>
 */
const WINDOW = 60_000;
/** Milliseconds without a new frame after which the viewer's video counts as frozen. If it plays for less in between, it stays so. */
const FROZEN_AFTER = 500;
/** Milliseconds from which on an outage is wide enough for its label. */
const LABELLED_FROM = 2000;

const LEGEND = { live: 'live', connecting: 'connecting', lost: 'lost, or a frozen picture' };
const TOTALS = { broadcaster: 'without a connection', viewer: 'frozen' };

const METHODS = { 'ice-restart': 'ICE restart', 'new-session': 'new session', browser: 'the path came back' };

class OutageTimeline extends HTMLElement {
  /** Segments as `{ from, to, kind }`; `to` is null while it lasts. */
  #lanes = { broadcaster: [], viewer: [] };
  #lastFrameAt = 0;
  /** The last fault of the page's panel that lasts: when it ends, and what happens then. */
  #fault = { endsAt: -Infinity, end: '' };
  #life;
  #rows = {};
  #totals = {};
  #summary = document.createElement('ul');
  #timer;

  connectedCallback() {
    const rows = ['broadcaster', 'viewer'].map((lane) => this.#row(lane));
    this.replaceChildren(legend(), ...rows, axis(), this.#summary);
    this.#summary.setAttribute('aria-live', 'polite');
    this.#life = new AbortController();
    const { signal } = this.#life;
    document.addEventListener('fault', ({ detail }) => (this.#fault = detail), { signal });
    const webcaster = document.getElementById(this.getAttribute('for'));
    webcaster.addEventListener('broadcast-status', ({ detail }) => this.#takeStatus(webcaster, detail.data), {
      signal,
    });
    for (const name of ['stop-broadcast-success', 'broadcast-error', 'start-broadcast-error']) {
      webcaster.addEventListener(name, () => this.#begin('broadcaster', 'off'), { signal });
    }
    this.#watchVideo(document.getElementById(this.getAttribute('viewer')));
    this.#timer = setInterval(() => this.#draw(), 250);
  }

  disconnectedCallback() {
    this.#life.abort();
    clearInterval(this.#timer);
  }

  #row(lane) {
    const row = document.createElement('div');
    row.className = 'lane';
    const label = Object.assign(document.createElement('span'), { textContent: lane === 'viewer' ? 'Viewer' : 'You' });
    this.#rows[lane] = Object.assign(document.createElement('div'), { className: 'track' });
    this.#totals[lane] = document.createElement('small');
    row.append(label, this.#rows[lane], this.#totals[lane]);
    return row;
  }

  #takeStatus(webcaster, { message, reconnect }) {
    if (message === 'reconnecting_broadcast') {
      const lostAt = performance.now() - (Date.now() - reconnect.lostAt);
      return this.#begin('broadcaster', 'lost', lostAt);
    }
    const last = this.#lanes.broadcaster.at(-1);
    const wasLost = last?.kind === 'lost';
    if (message !== 'broadcasting') return wasLost ? undefined : this.#begin('broadcaster', 'connecting');
    const outage = webcaster.report.outages.at(-1);
    if (!wasLost || !outage?.seconds) return this.#begin('broadcaster', 'live');
    // The bar and the list show the same measurement.
    const backAt = last.from + 1000 * outage.seconds;
    this.#begin('broadcaster', 'live', backAt);
    const item = document.createElement('li');
    const method = METHODS[outage.recoveredBy] ?? 'recovered';
    item.textContent = `Back after ${outage.seconds.toFixed(1)} s${this.#sinceFault(last.from, backAt)}: ${method}, cause ${outage.cause}.`;
    this.#summary.prepend(item);
    while (this.#summary.children.length > 4) this.#summary.lastChild.remove();
  }

  /** How long after the end of a fault the broadcast was back: the part of an outage that the webcaster answers for. */
  #sinceFault(lostAt, backAt) {
    const { endsAt, end } = this.#fault;
    if (endsAt < lostAt || endsAt > backAt) return '';
    return `, ${((backAt - endsAt) / 1000).toFixed(1)} s after ${end}`;
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
    // A frame or two between two freezes are no recovery: they are one outage.
    const frozen = segments.at(-2);
    if (lane === 'viewer' && kind === 'lost' && frozen?.kind === 'lost' && at - last.from < FROZEN_AFTER) {
      segments.pop();
      frozen.to = null;
      return;
    }
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
      const outages = segments.filter(({ kind }) => kind === 'lost');
      const seconds = outages.reduce((sum, segment) => sum + durationOf(segment, now) / 1000, 0);
      const count = outages.length > 1 ? ` in ${outages.length} outages` : '';
      this.#totals[lane].textContent = outages.length > 0 ? `${seconds.toFixed(1)} s ${TOTALS[lane]}${count}` : '';
    }
  }

  #bar({ from, to, kind }, now) {
    const percent = (at) => 100 - (100 * (now - at)) / WINDOW;
    const left = Math.max(0, percent(from));
    const bar = document.createElement('span');
    bar.className = kind;
    bar.style.left = `${left}%`;
    bar.style.width = `${Math.max(0.3, percent(to ?? now) - left)}%`;
    const duration = durationOf({ from, to }, now);
    if (kind === 'lost' && duration >= LABELLED_FROM) bar.textContent = `${(duration / 1000).toFixed(1)} s`;
    return bar;
  }
}

function durationOf({ from, to }, now) {
  return (to ?? now) - from;
}

function legend() {
  const list = Object.assign(document.createElement('p'), { className: 'legend' });
  for (const [kind, text] of Object.entries(LEGEND)) {
    list.append(Object.assign(document.createElement('span'), { className: kind, textContent: text }));
  }
  return list;
}

function axis() {
  const row = Object.assign(document.createElement('div'), { className: 'axis' });
  for (const text of ['60 s ago', '45', '30', '15', 'now']) {
    row.append(Object.assign(document.createElement('span'), { textContent: text }));
  }
  return row;
}

customElements.define('outage-timeline', OutageTimeline);
