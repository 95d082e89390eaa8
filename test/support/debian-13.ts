import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Programs } from './debian.ts';

/** Where `.ci/make-debian-13` puts it. */
export const debian13 = join(process.env.TEST_CACHE ?? '/var/cache/ringup-tests', 'debian-13');

/** What `inDebian13` needs for a program, for `requirePrograms`. */
export function programsOfDebian13(program: string, folder = '/usr/bin'): Programs {
  return { [join(debian13, folder, program)]: { run: 'sudo .ci/make-debian-13' }, unshare: 'util-linux' };
}

/** The root $1 sees the directory $2 where it is, for as long as the program runs. Nothing forks: its process id stays. */
const enter = 'mkdir -p "$1$2" && mount --rbind "$2" "$1$2" && root=$1 && shift 2 && exec chroot "$root" "$@"';

/** Returns the command that runs a program of Debian 13 which shares temporary files with everybody else. */
export function inDebian13(program: string, folder = '/usr/bin'): [command: string, ...args: string[]] {
  return inRoot(debian13, join(folder, program));
}

/** The same for any other system in a folder. */
export function inRoot(root: string, path: string): [command: string, ...args: string[]] {
  // Mounting takes root, if only in a name space of its own.
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  return ['unshare', '--mount', ...asRoot, 'sh', '-c', enter, 'sh', root, tmpdir(), path];
}
