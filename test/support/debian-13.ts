import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Programs } from './debian.ts';

/** The folder where `.ci/make-debian-13` creates the system. */
export const debian13 = join(process.env.TEST_CACHE ?? '/var/cache/ringup-tests', 'debian-13');

/** Returns the programs that `inDebian13` needs, for `requirePrograms`. */
export function programsOfDebian13(program: string, folder = '/usr/bin'): Programs {
  return { [join(debian13, folder, program)]: { run: 'sudo .ci/make-debian-13' }, unshare: 'util-linux' };
}

/**
 * Makes the directory $2 visible at the same path inside the root $1 while the program runs. Nothing forks, so the
 * process id stays the same.
 */
const enter = 'mkdir -p "$1$2" && mount --rbind "$2" "$1$2" && root=$1 && shift 2 && exec chroot "$root" "$@"';

/** Returns the command that runs a program of Debian 13. It shares temporary files with all other programs. */
export function inDebian13(program: string, folder = '/usr/bin'): [command: string, ...args: string[]] {
  return inRoot(debian13, join(folder, program));
}

/** Returns the command that runs a program of any system whose root is a folder. */
export function inRoot(root: string, path: string): [command: string, ...args: string[]] {
  // Mounting needs root, even if only in its own namespace.
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  return ['unshare', '--mount', ...asRoot, 'sh', '-c', enter, 'sh', root, tmpdir(), path];
}
