import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** A file to serve, or where its folder is. */
export type Found = { readonly file: string } | { readonly redirect: string };

/** The decoded parts of a URL path, or `undefined` if one of them is hidden or could lead elsewhere. */
export function safeParts(path: string): string[] | undefined {
  try {
    const parts = path.split('/').map(decodeURIComponent);
    return parts.some((part) => part.startsWith('.') || /[/\\\0]/.test(part)) ? undefined : parts;
  } catch {
    return undefined;
  }
}

/**
 * Finds the file for a URL path below a folder: of a folder its `index.html`. A symbolic link is followed within the
 * folder only.
 */
export async function findFile(folder: string, path: string): Promise<Found | undefined> {
  const parts = safeParts(path);
  if (!parts) return undefined;
  try {
    const root = await realpath(folder);
    const wanted = await realInside(root, join(root, ...parts));
    const isFolder = (await stat(wanted)).isDirectory();
    if (!isFolder) return path.endsWith('/') ? undefined : { file: wanted };
    // Relative, so that no path can make it lead to another host.
    if (path !== '' && !path.endsWith('/')) return { redirect: `${encodeURIComponent(parts.at(-1) ?? '')}/` };
    const index = await realInside(root, join(wanted, 'index.html'));
    return (await stat(index)).isFile() ? { file: index } : undefined;
  } catch {
    return undefined;
  }
}

async function realInside(root: string, path: string): Promise<string> {
  const real = await realpath(path);
  if (real !== root && !real.startsWith(root + sep)) throw new Error('A link leads out of the folder.');
  return real;
}
