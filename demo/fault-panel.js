/**
 * Buttons that break a stream on purpose, to see how the webcaster recovers. The demo's server does what they ask for;
 * it is for development. Not part of the package.
 *
 * <fault-panel stream="demo" token="…" rtmp></fault-panel>
 *
 * With `rtmp`, for a stream with an RTMP output, there is a button for that too. Fires `fault` for a fault that lasts:
 * `detail` is when it ends, as `performance.now()` has it, and what has happened then.
 */

/** How long a fault lasts: `SECONDS` in `server/faults.ts`. */
const SECONDS = 8;
const FAULTS = [
  {
    fault: 'cut',
    label: `Cut media for ${SECONDS} s`,
    effect: `No packet gets through for ${SECONDS} s.`,
    needsPublisher: true,
    end: 'the path returned',
  },
  { fault: 'kill', label: 'Kill the session', effect: 'The server ended the session.', needsPublisher: true },
  {
    fault: 'refuse-409',
    label: `Refuse with 409 for ${SECONDS} s`,
    effect: `The server ended the session and accepts no new one for ${SECONDS} s.`,
    end: 'the server accepted sessions again',
  },
  {
    fault: 'refuse-503',
    label: `Refuse with 503 for ${SECONDS} s`,
    effect: `The server ended the session and accepts no new one for ${SECONDS} s. It sends Retry-After.`,
    end: 'the server accepted sessions again',
  },
  {
    fault: 'stall',
    label: `Stall HTTP for ${SECONDS} s`,
    effect: `No request is answered for ${SECONDS} s; media goes on. Kill the session now to see a recovery wait for HTTP.`,
  },
  {
    fault: 'drop-rtmp',
    label: 'Drop the RTMP output',
    effect: 'The server closed the connection to the RTMP server.',
    needsPublisher: true,
  },
];
const NOBODY = 'Nobody publishes this stream at the moment.';

class FaultPanel extends HTMLElement {
  static observedAttributes = ['rtmp'];

  #told = Object.assign(document.createElement('p'), { role: 'status' });
  #timer;
  #life;

  #buttons = Object.assign(document.createElement('div'), { className: 'buttons' });
  #dropRtmp;

  constructor() {
    super();
    for (const each of FAULTS) {
      const { fault, label, effect } = each;
      const button = Object.assign(document.createElement('button'), {
        type: 'button',
        textContent: label,
        title: effect,
      });
      button.addEventListener('click', () => this.#begin(each));
      if (fault === 'drop-rtmp') this.#dropRtmp = button;
      this.#buttons.append(button);
    }
    this.#showRtmp();
  }

  attributeChangedCallback() {
    this.#showRtmp();
  }

  connectedCallback() {
    this.#life = new AbortController();
    this.replaceChildren(this.#buttons, this.#told);
    const { signal } = this.#life;
    document.addEventListener(
      'broadcast-status',
      ({ detail }) => detail.data.message === 'broadcasting' && this.#tell(''),
      { signal },
    );
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#tell('');
  }

  #showRtmp() {
    this.#dropRtmp.hidden = !this.hasAttribute('rtmp');
  }

  #tell(text) {
    clearTimeout(this.#timer);
    this.#told.textContent = text;
    if (text) this.#timer = setTimeout(() => this.#tell(''), 1000 * SECONDS);
  }

  async #begin({ fault, effect, needsPublisher, end }) {
    const token = this.getAttribute('token');
    const authorization = token ? { Authorization: `Bearer ${token}` } : {};
    const stream = this.getAttribute('stream');
    try {
      // The server would refuse it, which the console shows as an error.
      if (needsPublisher && !(await isPublished(stream, authorization))) return this.#tell(NOBODY);
      const headers = { 'Content-Type': 'application/json', ...authorization };
      const body = JSON.stringify({ stream, fault });
      const response = await fetch('/api/faults', { method: 'POST', headers, body });
      this.#tell(response.ok ? effect : (await response.json()).detail);
      if (!response.ok || !end) return undefined;
      const detail = { endsAt: performance.now() + 1000 * SECONDS, end };
      this.dispatchEvent(new CustomEvent('fault', { bubbles: true, detail }));
    } catch (error) {
      this.#tell(error.message);
    }
    return undefined;
  }
}

/** The development server announces by Retry-After that nobody publishes a stream. */
async function isPublished(stream, headers) {
  const { ok, headers: answered } = await fetch(`/whep/${stream}`, { headers });
  return !ok || !answered.has('Retry-After');
}

customElements.define('fault-panel', FaultPanel);
