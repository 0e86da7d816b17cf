import { execFileSync } from 'node:child_process';
import which from 'which';

/** Installs packages where this is Debian and we may; elsewhere does nothing. Throws where that fails. */
export function installDebian(packages, ...options) {
  const aptGet = which.sync('/usr/bin/apt-get', { nothrow: true });
  if (packages.length === 0 || process.getuid?.() !== 0 || !aptGet) return;
  console.log(`Installing ${packages.join(' and ')} …`);
  const apt = (...args) =>
    execFileSync(aptGet, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      // In run level 1 no service is started by its installation.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
  apt('update', '-qq');
  apt('install', '-y', '-qq', ...options, ...packages);
}
