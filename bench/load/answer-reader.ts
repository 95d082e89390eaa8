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
      const bodyLength = checkHead(bytes.toString('latin1', 0, headEnd + 2), expected);
      missing = headEnd + endOfHead.length + bodyLength - bytes.length;
    }
    if (missing < 0) throw new Error('An answer was longer than it said.');
    if (missing === 0) onAnswer();
  };
}

/** Returns the length of the body. */
function checkHead(head: string, { status, bodyLength }: ExpectedAnswer): number {
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1];
  const fits =
    length !== undefined &&
    (status === undefined || head.startsWith(`HTTP/1.1 ${status} `)) &&
    (bodyLength === undefined || Number(length) === bodyLength);
  if (fits) return Number(length);
  throw new Error(`Expected status ${status ?? 'of any kind'} with ${bodyLength ?? 'so many'} bytes, got:\n${head}`);
}
