import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import SDP from 'sdp';
import { buildFragment, checkIfMatch, parseFragment, type IceFragment } from '../../../demo/server/fragment.js';
import {
  FRAGMENT_TYPE,
  problemReply,
  readBody,
  requireType,
  SDP_TYPE,
  send,
  type Reply,
} from '../../support/http-replies.js';
import { Problem } from '../../../demo/server/problem.js';
import type { RequestReport, ServerReport, SessionReport } from './media-server.js';

/** One publisher on a media stack, behind {@link serveWhip}. */
export interface Publication extends Pick<SessionReport, 'state' | 'audio' | 'video'> {
  readonly answer: string;
  addCandidates(candidates: readonly string[], mid: string): void | Promise<void>;
  /** Restarts ICE by a new offer, and gives the new answer; absent where the stack cannot. */
  restart?(offer: string): Promise<string>;
  /** Ends it, and tells the publisher so by DTLS. */
  close(): void | Promise<void>;
}

/** Publishes an offer on the stack. `onEnded` is for sessions that the stack ends by itself. */
export type Publish = (offer: string, onEnded: () => void) => Promise<Publication>;

interface Session {
  id: string;
  etag: string;
  offer: string;
  publication: Publication;
  /** The `PATCH`es so far, one after the other. */
  turn: Promise<unknown>;
}

/** The WHIP side of a media stack that has none: RFC 9725 with trickle and restart, and `/control` for the tests. */
class WhipFront {
  readonly #publish: Publish;
  readonly #sessions = new Map<string, Session>();
  readonly #requests: RequestReport[] = [];

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  async answer(req: IncomingMessage): Promise<Reply> {
    const { method = '', url = '' } = req;
    if (method === 'OPTIONS') return { status: 204 };
    if (url === '/control') return this.#control(method);
    const reply = await this.#route(req, url.split('/').slice(1)).catch(problemReply);
    if (method !== 'HEAD') this.#requests.push({ method, url, status: reply.status });
    return reply;
  }

  async #route(req: IncomingMessage, [kind, id = '']: string[]): Promise<Reply> {
    if (kind === 'whip' && req.method === 'POST') return this.#post(req);
    if (kind !== 'session') return { status: kind === 'whip' ? 204 : 404 };
    const session = this.#sessions.get(id);
    if (!session) throw new Problem(404, 'There is no such session.');
    if (req.method === 'DELETE') {
      this.#sessions.delete(id);
      await session.publication.close();
      return { status: 200 };
    }
    if (req.method !== 'PATCH') throw new Problem(405, 'PATCH or DELETE, please.');
    requireType(req, FRAGMENT_TYPE);
    const fragment = parseFragment(await readBody(req));
    const patched = session.turn.then(() => this.#patch(session, fragment, req.headers['if-match']));
    session.turn = patched.catch(() => undefined);
    return patched;
  }

  async #post(req: IncomingMessage): Promise<Reply> {
    requireType(req, SDP_TYPE);
    const id = randomUUID();
    const offer = await readBody(req);
    let isEnded = false;
    const publication = await this.#publish(offer, () => {
      isEnded = true;
      this.#sessions.delete(id);
    });
    const etag = newEtag();
    if (!isEnded) this.#sessions.set(id, { id, etag, offer, publication, turn: Promise.resolve() });
    const headers = {
      'Content-Type': SDP_TYPE,
      Location: `/session/${id}`,
      ETag: etag,
      'Accept-Patch': FRAGMENT_TYPE,
    };
    return { status: 201, headers, body: publication.answer };
  }

  async #patch(session: Session, fragment: IceFragment, ifMatch: string | undefined): Promise<Reply> {
    const precondition = checkIfMatch(ifMatch, session.etag);
    if (precondition === 'missing') throw new Problem(428, 'If-Match is missing.');
    if (precondition === 'mismatch') throw new Problem(412, 'The entity tag is of another ICE generation.');
    const { credentials, candidates, mid = '0' } = fragment;
    const isRestart = credentials && credentials.ufrag !== SDP.getIceParameters(session.offer, '')?.usernameFragment;
    if (!isRestart) {
      await session.publication.addCandidates(candidates, mid);
      return { status: 204 };
    }
    if (!session.publication.restart) throw new Problem(422, 'ICE cannot be restarted here.');
    session.offer = session.offer
      .replaceAll(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${credentials.ufrag}`)
      .replaceAll(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${credentials.pwd}`)
      .replaceAll(/^a=(candidate|end-of-candidates).*\r?\n/gm, '');
    const answer = await session.publication.restart(session.offer);
    await session.publication.addCandidates(candidates, mid);
    session.etag = newEtag();
    const body = fragmentOf(answer);
    return { status: 200, headers: { 'Content-Type': FRAGMENT_TYPE, ETag: session.etag }, body };
  }

  /** For the tests alone: what there is, or the end of all sessions by the server itself. */
  async #control(method: string): Promise<Reply> {
    if (method === 'DELETE') {
      const ended = [...this.#sessions.values()];
      this.#sessions.clear();
      for (const { publication } of ended) await publication.close();
      return { status: 204 };
    }
    const sessions = [...this.#sessions.values()].map(({ id, publication: { state, audio, video } }) => ({
      id,
      state,
      audio,
      video,
    }));
    const report: ServerReport = { sessions, requests: this.#requests };
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(report) };
  }
}

/** Serves WHIP for a media stack, says on which port, and ends with the parent process. */
export async function serveWhip(publish: Publish): Promise<void> {
  const front = new WhipFront(publish);
  const server = createServer((req, res) => {
    front
      .answer(req)
      .catch(problemReply)
      .then((reply) => send(req, res, reply));
  });
  process.stdin.resume().once('end', () => process.exit());
  const port = Number(process.env['PORT'] ?? 0);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  console.log(`listening on ${(server.address() as AddressInfo).port}`);
}

function fragmentOf(answer: string): string {
  const mids = SDP.matchPrefix(answer, 'a=mid:').map((line) => line.slice(6));
  const candidates = SDP.matchPrefix(answer, 'a=candidate:').map((line) => line.slice(2));
  const { usernameFragment: ufrag, password: pwd } = SDP.getIceParameters(answer, '') ?? {};
  const [mLine] = SDP.matchPrefix(answer, 'm=');
  if (!ufrag || !pwd || !mLine) throw new Error('The stack gave no answer to the restart.');
  return buildFragment(mids, mLine, { ufrag, pwd }, [...new Set(candidates)]);
}

function newEtag(): string {
  return `"${randomUUID().slice(0, 8)}"`;
}
