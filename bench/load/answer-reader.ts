import type { ExpectedAnswer } from './load-job.ts';

const endOfHead = Buffer.from('\r\n\r\n');
const endOfChunks = Buffer.from('0\r\n\r\n');

/**
 * Counts the bytes of one answer after another on a connection. Calls `onAnswer` at the end of each, with whether it
 * was the last one on its connection. Throws if an answer differs from `expected`.
 */
export function answerReader(expected: ExpectedAnswer, onAnswer: (isLast: boolean) => void): (chunk: Buffer) => void {
  let pending: Buffer | undefined;
  let missing = 0;
  let chunked = false;
  let isLast = false;
  return function read(chunk) {
    if (missing > 0) {
      missing -= chunk.length;
    } else if (!chunked) {
      const bytes = pending === undefined ? chunk : Buffer.concat([pending, chunk]);
      const headEnd = bytes.indexOf(endOfHead);
      if (headEnd === -1) {
        // A copy: the socket reads the next piece into the same memory.
        pending = Buffer.from(bytes);
        return;
      }
      pending = undefined;
      const head = bytes.toString('latin1', 0, headEnd + 2);
      const bodyLength = checkHead(head, expected);
      isLast = /\r\nconnection: close\r\n/i.test(head);
      chunked = bodyLength === 'chunked';
      missing = bodyLength === 'chunked' ? 0 : headEnd + endOfHead.length + bodyLength - bytes.length;
    }
    if (missing < 0) throw new Error('An answer was longer than it said.');
    if (missing > 0 || (chunked && !chunk.subarray(-endOfChunks.length).equals(endOfChunks))) return;
    chunked = false;
    onAnswer(isLast);
  };
}

/** Returns the length of the body. Throws if the head is not as expected. */
function checkHead(head: string, { status, bodyLength }: ExpectedAnswer): number | 'chunked' {
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1];
  if (status === undefined || head.startsWith(`HTTP/1.1 ${status} `)) {
    if (length !== undefined && (bodyLength === undefined || Number(length) === bodyLength)) return Number(length);
    if (bodyLength === undefined && /\r\ntransfer-encoding: chunked\r\n/i.test(head)) return 'chunked';
  }
  throw new Error(`Expected status ${status ?? 'of any kind'} with ${bodyLength ?? 'so many'} bytes, got:\n${head}`);
}
