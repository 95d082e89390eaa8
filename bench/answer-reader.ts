import type { ExpectedAnswer } from './load-job.ts';

const endOfHead = Buffer.from('\r\n\r\n');

/**
 * Counts the bytes of one answer after another on a connection; `onAnswer` is called at the end of each. Throws for an
 * answer that is not as expected.
 */
export function answerReader(expected: ExpectedAnswer, onAnswer: () => void): (chunk: Buffer) => void {
  let pending: Buffer | undefined;
  let missing = 0;
  return function read(chunk) {
    if (missing > 0) {
      missing -= chunk.length;
    } else {
      const bytes = pending === undefined ? chunk : Buffer.concat([pending, chunk]);
      const headEnd = bytes.indexOf(endOfHead);
      if (headEnd === -1) {
        // A copy: the socket reads the next piece into the same memory.
        pending = Buffer.from(bytes);
        return;
      }
      pending = undefined;
      checkHead(bytes.toString('latin1', 0, headEnd + 2), expected);
      missing = headEnd + endOfHead.length + expected.bodyLength - bytes.length;
    }
    if (missing < 0) throw new Error('An answer was longer than it said.');
    if (missing === 0) onAnswer();
  };
}

function checkHead(head: string, { status, bodyLength }: ExpectedAnswer): void {
  if (
    head.startsWith(`HTTP/1.1 ${status} `) &&
    /\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1] === String(bodyLength)
  ) {
    return;
  }
  throw new Error(`Expected status ${status} with ${bodyLength} bytes, got:\n${head}`);
}
