import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional?: boolean }>;
  exports: Record<string, string | null | { types: string; default?: string }>;
}

const readManifest = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
const installed = (name: string) => join(root, 'node_modules', name);

/** The folders of what a package depends on, and of what that depends on. */
function dependencyFolders({ dependencies = {} }: Manifest, found = new Set<string>()): Set<string> {
  for (const name of Object.keys(dependencies)) {
    if (found.has(installed(name))) continue;
    found.add(installed(name));
    dependencyFolders(readManifest(installed(name)), found);
  }
  return found;
}

/** An empty project elsewhere, with the packed package and what it depends on, installed without a network. */
export class PackedProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'nano-webcaster-packed-')));
  readonly packageFolder = join(this.folder, 'node_modules/nano-webcaster');
  readonly manifest = readManifest(root);

  constructor() {
    const npm = (args: string[], cwd: string) => execFileSync('npm', args, { cwd, encoding: 'utf8' });
    const [packed] = JSON.parse(
      npm(['pack', '--json', '--ignore-scripts', '--pack-destination', this.folder], root),
    ) as [{ filename: string }];
    this.write('package.json', JSON.stringify({ name: 'project', private: true, type: 'module' }));
    const packages = [packed.filename, ...dependencyFolders(this.manifest)];
    // Copied like from a registry, and not linked.
    const options = ['--offline', '--install-links', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    npm(['install', ...options, ...packages], this.folder);
  }

  /** The files of the package, by their paths in it. */
  files(): string[] {
    return readdirSync(this.packageFolder, { recursive: true, withFileTypes: true })
      .filter((found) => found.isFile())
      .map((found) => relative(this.packageFolder, join(found.parentPath, found.name)));
  }

  /** What an import may say, with the file that it means; entries for types alone are no files to load. */
  imports(): { specifier: string; file: string }[] {
    return Object.entries(this.manifest.exports).flatMap(([entry, target]) => {
      const file = typeof target === 'string' ? target : target?.default;
      return file ? this.#importsOf(`${this.manifest.name}${entry.slice(1)}`, file) : [];
    });
  }

  #importsOf(specifier: string, file: string): { specifier: string; file: string }[] {
    if (!file.includes('*')) return [{ specifier, file }];
    const [before = '', after = ''] = file.slice(2).split('*');
    return this.files()
      .filter((name) => name.startsWith(before) && name.endsWith(after) && !this.#isHidden(name))
      .map((name) => {
        const star = name.slice(before.length, name.length - after.length);
        return { specifier: specifier.replace('*', star), file: `./${name}` };
      });
  }

  /** Whether an entry says that a file of a pattern is not for users. */
  #isHidden(name: string): boolean {
    const hidden = Object.entries(this.manifest.exports).filter(([, target]) => target === null);
    return hidden.some(([entry]) => name.endsWith(entry.slice(1)));
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Copies a file of the tests into the project. */
  take(name: string): string {
    cpSync(join(root, 'test/package/app', name), join(this.folder, name));
    return join(this.folder, name);
  }

  /** Puts a package of ours beside, as a project has it that uses it. */
  use(name: string, source = name): void {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(installed(source), path);
  }

  /** Runs a module's text in a Node of its own. */
  runInNode(script: string): string {
    const args = ['--input-type=module', '--eval', script];
    return execFileSync(process.execPath, args, { cwd: this.folder, encoding: 'utf8' }).trim();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
