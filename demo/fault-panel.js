/**
 * Buttons that break a stream on purpose, to see how the webcaster comes back. The demo's server does what they ask for;
 * it is for development. Not part of the package.
 *
 * <fault-panel stream="demo" token="…" rtmp></fault-panel>
 *
 * With `rtmp`, for a stream that goes on by RTMP, there is a button for that too.
 */
const FAULTS = [
  ['cut', 'Cut media', 'No packet gets through for 8 s.'],
  ['kill', 'Kill the session', 'The server ends it.'],
  ['refuse-409', 'Refuse with 409', 'The server ends the session, and takes no new one for 8 s.'],
  ['refuse-503', 'Refuse with 503', 'The same, with Retry-After.'],
  ['stall', 'Stall HTTP', 'No request is answered for 8 s.'],
  ['drop-rtmp', 'Drop the RTMP output', 'The connection to the RTMP server is cut.'],
];

class FaultPanel extends HTMLElement {
  static observedAttributes = ['rtmp'];

  #told = Object.assign(document.createElement('p'), { role: 'status' });

  #buttons = Object.assign(document.createElement('div'), { className: 'buttons' });
  #dropRtmp;

  constructor() {
    super();
    for (const [fault, label, title] of FAULTS) {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label, title });
      button.addEventListener('click', () => this.#begin(fault, title));
      if (fault === 'drop-rtmp') this.#dropRtmp = button;
      this.#buttons.append(button);
    }
    this.#showRtmp();
  }

  attributeChangedCallback() {
    this.#showRtmp();
  }

  connectedCallback() {
    this.replaceChildren(this.#buttons, this.#told);
  }

  #showRtmp() {
    this.#dropRtmp.hidden = !this.hasAttribute('rtmp');
  }

  async #begin(fault, title) {
    const body = JSON.stringify({ stream: this.getAttribute('stream'), fault });
    try {
      const token = this.getAttribute('token');
      const authorization = token ? { Authorization: `Bearer ${token}` } : {};
      const headers = { 'Content-Type': 'application/json', ...authorization };
      const response = await fetch('/api/faults', { method: 'POST', headers, body });
      this.#told.textContent = response.ok ? title : (await response.json()).detail;
    } catch (error) {
      this.#told.textContent = error.message;
    }
  }
}

customElements.define('fault-panel', FaultPanel);
