import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { startProgram } from './program.ts';
import { tempDirectory } from './temp-directory.ts';
import { waitUntil } from './wait-until.ts';

const patience = ['-c', 'echo $$; exec sleep 1000'];

test('a program runs until it is stopped, and takes its directory with it', async () => {
  const directory = join(tempDirectory(), 'own');
  mkdirSync(directory);
  const program = startProgram({ command: 'sh', args: patience, directory });
  assert(await waitUntil(() => program.log().endsWith('\n')));
  assert.equal(program.running(), true);
  assert.equal(exists(Number(program.log())), true);

  await Promise.all([program.stop(), program.stop()]);
  assert.equal(program.running(), false);
  assert.equal(exists(Number(program.log())), false);
  assert.equal(existsSync(directory), false);
});

test('a program reads what is written to it, and its output outlives it', async () => {
  const program = startProgram({ command: 'sh', args: ['-c', 'read -r line; echo "got $line"; echo "bad" >&2'] });
  program.write('something\n');
  await program.ended;
  assert.equal(program.log(), 'got something\nbad\n');
  await program.stop();
});

test('a program does not outlive a test process that is killed', async () => {
  const script = `
    import { startProgram } from ${JSON.stringify(join(import.meta.dirname, 'program.ts'))};
    const program = startProgram({ command: 'sh', args: ${JSON.stringify(patience)} });
    while (!program.log().endsWith('\\n')) await new Promise((resolve) => setTimeout(resolve, 20));
    process.stdout.write(program.log(), () => process.kill(process.pid, 'SIGKILL'));
  `;
  const victim = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = Number(await text(victim.stdout));
  assert(Number.isSafeInteger(pid) && pid > 0);
  assert.equal(await waitUntil(() => !exists(pid)), true);
});

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
