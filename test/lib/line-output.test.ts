import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, write } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { LineOutput, type WriteBytes } from '../../src/lib/line-output.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const line = (n: number): string => `${JSON.stringify({ n, agent: 'x'.repeat(150) })}\n`;
const writeLines = (output: LineOutput, from: number, to: number): void => {
  for (let n = from; n < to; n += 1) output.write(line(n));
};

/** A pipe with a name, whose reader may go and come back. */
function openFifo() {
  const path = join(tempDirectory(), 'log');
  execFileSync('mkfifo', [path]);
  const openReader = () => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let reader = openReader();
  const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(1 << 16);
  let text = '';
  after(() => {
    closeSync(writer);
    closeSync(reader);
  });
  return {
    writer,
    leave: () => closeSync(reader),
    comeBack() {
      reader = openReader();
    },
    /** All that has come so far. */
    read(): string {
      try {
        for (let length = -1; length !== 0; text += buffer.toString('latin1', 0, length)) {
          length = readSync(reader, buffer);
        }
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN');
      }
      return text;
    },
  };
}

/** What writes for a `LineOutput`, and the next failure of it. */
function watchWrites() {
  const failures: unknown[] = [];
  const writeBytes: WriteBytes = async (...given) => {
    try {
      return await promisify(write)(...given);
    } catch (error) {
      failures.push((error as NodeJS.ErrnoException).code);
      throw error;
    }
  };
  /** Waits until writing fails again with this code. */
  const failsWith = (code: 'EAGAIN' | 'EPIPE'): Promise<boolean> => {
    failures.length = 0;
    return waitUntil(() => failures.includes(code));
  };
  return { writeBytes, failsWith };
}

/** The numbers of the lines that came, and how many are said to be missing before which of them. */
function understand(text: string) {
  const numbers: number[] = [];
  const gaps: { missing: number; after: number | undefined }[] = [];
  for (const each of text.split('\n').filter((part) => part.endsWith('}'))) {
    const { n, missing } = JSON.parse(each);
    if (missing === undefined) numbers.push(n);
    else gaps.push({ missing, after: numbers.at(-1) });
  }
  return { numbers, gaps, missing: gaps.reduce((sum, gap) => sum + gap.missing, 0) };
}

test('all lines are written in order, including those that wait at the end', async () => {
  const file = join(tempDirectory(), 'log');
  const output = new LineOutput(openSync(file, 'w'));
  writeLines(output, 0, 1_990);
  assert.ok(await waitUntil(() => readFileSync(file, 'utf8').includes('"n":1989')));
  writeLines(output, 1_990, 2_000);
  await output.close();
  assert.equal(readFileSync(file, 'utf8'), Array.from({ length: 2_000 }, (_, n) => line(n)).join(''));
});

test('at most a megabyte waits if nobody reads, and a later line says how many lines are missing', async () => {
  const fifo = openFifo();
  const { writeBytes, failsWith } = watchWrites();
  const output = new LineOutput(fifo.writer, writeBytes);
  writeLines(output, 0, 20_000);
  assert.ok(await failsWith('EAGAIN'));
  writeLines(output, 20_000, 30_000);
  const done = () => understand(fifo.read()).gaps.length > 0;
  assert.ok(await waitUntil(done));
  writeLines(output, 30_000, 30_010);
  assert.ok(await waitUntil(() => fifo.read().includes('"n":30009')));
  await output.close();
  const { numbers, missing } = understand(fifo.read());
  assert.equal(numbers.length + missing, 30_010);
  assert.ok(numbers.length * line(10_000).length < 1_200_000, `${numbers.length} lines were kept`);
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
});

test('lines are dropped while writing fails, and the next one that succeeds says how many', async () => {
  const fifo = openFifo();
  const { writeBytes, failsWith } = watchWrites();
  const output = new LineOutput(fifo.writer, writeBytes);
  writeLines(output, 0, 10);
  assert.ok(await waitUntil(() => fifo.read().includes('"n":9')));
  fifo.leave();
  writeLines(output, 10, 500);
  assert.ok(await failsWith('EPIPE'));
  writeLines(output, 500, 600);
  assert.ok(await failsWith('EPIPE'));
  fifo.comeBack();
  assert.ok(await waitUntil(() => understand(fifo.read()).gaps.length > 0));
  writeLines(output, 600, 610);
  assert.ok(await waitUntil(() => fifo.read().includes('"n":609')));
  await output.close();
  const { numbers, gaps, missing } = understand(fifo.read());
  assert.equal(gaps[0]?.after, 9);
  assert.equal(numbers.length + missing, 610);
  assert.equal(numbers.at(-1), 609);
});

test('a line that is cut off counts as missing, and the next one starts on a new line', async () => {
  const fifo = openFifo();
  const { writeBytes, failsWith } = watchWrites();
  const output = new LineOutput(fifo.writer, writeBytes);
  writeLines(output, 0, 3_000);
  assert.ok(await failsWith('EAGAIN'));
  fifo.leave();
  assert.ok(await failsWith('EPIPE'));
  fifo.comeBack();
  assert.ok(await waitUntil(() => understand(fifo.read()).gaps.length > 0));
  writeLines(output, 3_000, 3_010);
  assert.ok(await waitUntil(() => fifo.read().includes('"n":3009')));
  await output.close();
  const { numbers, missing } = understand(fifo.read());
  assert.equal(numbers.length + missing, 3_010);
  assert.equal(numbers.at(-1), 3_009);
});

test('closing ends even if nobody reads', async () => {
  const fifo = openFifo();
  const output = new LineOutput(fifo.writer);
  writeLines(output, 0, 5_000);
  await output.close();
});

test('nothing is written after closing, when the descriptor may belong to another file', async () => {
  let attempts = 0;
  const output = new LineOutput(-1, async () => {
    attempts += 1;
    throw Object.assign(new Error('the pipe is full'), { code: 'EAGAIN' });
  });
  writeLines(output, 0, 1);
  await output.close();
  const before = attempts;
  writeLines(output, 1, 100);
  await setImmediate();
  assert.ok(before > 0);
  assert.equal(attempts, before);
});
