import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the docs site if there is none; what is there may be older than the docs. */
export function ensureDocs(): void {
  if (existsSync(`${root}docs-site/index.html`)) return;
  execFileSync('npm', ['run', '--silent', 'docs'], { cwd: root });
}
