import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';

/**
 * Runs the program "$@" as long as file descriptor 3, a pipe from the test process, stays open. When it closes, because
 * the test closes it or its process ends in any way, the program gets the signal $1, and SIGKILL after half a minute.
 * Then the directory $2 is removed.
 */
const leash = `
signal=$1 directory=$2; shift 2
exec 4<&0
"$@" <&4 3<&- 4<&- &
program=$!
exec </dev/null 4<&-
{
  read -r _ <&3
  kill -"$signal" $program
  for _ in $(seq 60); do sleep 0.5; done
  kill -KILL $program
} 2>/dev/null &
watcher=$!
wait $program
status=$?
kill $watcher 2>/dev/null
[ -z "$directory" ] || rm -rf -- "$directory"
exit $status
`;

export interface ProgramOptions {
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** The user to run as, instead of the current one. */
  user?: { uid: number; gid: number };
  cwd?: string;
  /** The signal that asks it to end; by default, SIGTERM. */
  endSignal?: 'TERM' | 'INT' | 'QUIT';
  /** A directory to remove when the program has ended. */
  directory?: string;
}

/** An external program that runs beside the tests and never outlives this process. */
export interface Program {
  /** Returns its output so far, from standard output and standard error. */
  log(): string;
  running(): boolean;
  /** Writes to its standard input, which stays open until it ends or `endInput` is called. */
  write(text: string): void;
  endInput(): void;
  /** Resolves when the program has ended, by itself or by `stop`. */
  readonly ended: Promise<void>;
  /** Stops the program. May be called again. */
  stop(): Promise<void>;
}

export function startProgram(options: ProgramOptions): Program {
  const { command, args, env = process.env, user = {}, endSignal = 'TERM', directory = '' } = options;
  const output = anonymousFile();
  const child = spawn('/bin/sh', ['-c', leash, 'leash', endSignal, directory, command, ...args], {
    // A session of its own, so that Ctrl-C in the terminal reaches only this process, which then ends the program.
    detached: true,
    stdio: ['pipe', output, output, 'pipe'],
    env,
    ...user,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const [stdin, , , held] = child.stdio;
  if (!(stdin instanceof Writable && held instanceof Writable)) throw new Error(`no pipes to ${command}`);
  for (const pipe of [stdin, held]) pipe.on('error', () => {});
  // The program also ends if a test forgets to stop it.
  unref(child, stdin, held);
  const ended = once(child, 'exit').then(() => {});
  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    log: () => readWhole(output),
    running,
    write: (text) => void stdin.write(text),
    endInput: () => void stdin.end(),
    ended,
    async stop() {
      child.ref();
      held.destroy();
      if (running()) await ended;
      stdin.destroy();
    },
  };
}

function unref(...handles: object[]): void {
  for (const handle of handles) if ('unref' in handle && typeof handle.unref === 'function') handle.unref();
}

/** Opens a file without a name, so that nothing remains if this process is killed. */
function anonymousFile(): number {
  const directory = mkdtempSync(join(tmpdir(), 'ringup-'));
  const file = openSync(join(directory, 'output'), 'a+');
  rmSync(directory, { recursive: true });
  return file;
}

function readWhole(file: number): string {
  const bytes = Buffer.alloc(fstatSync(file).size);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
}
