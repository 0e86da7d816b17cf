import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';

/** A folder and the URL path below which it appears; the path begins and ends with a slash. */
export interface StaticRoot {
  readonly path: string;
  readonly folder: string;
}

/** Serves the files of the roots, of which the one with the longest matching path counts. */
export async function serveStatic(
  roots: readonly StaticRoot[],
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const notFound = () => void res.writeHead(404).end();
  const matching = roots.filter(({ path }) => req.url?.startsWith(path));
  const root = matching.sort((a, b) => b.path.length - a.path.length)[0];
  if (!root) return notFound();
  req.url = req.url?.slice(root.path.length - 1) ?? '/';
  // Without a cache: tests build anew.
  sirv(root.folder, { dev: true })(req, res, notFound);
}
