import type { Socket } from 'node:net';
import { AppError } from '../errors.ts';

const headersTooLong = '431 Request Header Fields Too Large';

/** The status for each error of Node.js's parser; 400 for all others. */
const statusOfCode: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: headersTooLong,
};

/**
 * Answers bytes that are not a request, and closes the connection without an error. An error would make an earlier
 * answer on the connection count as lost.
 */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = statusOfCode[error.code ?? ''] ?? '400 Bad Request';
  const why = status === headersTooLong ? 'headers-too-long' : 'unreadable';
  const { message, code } = new AppError('request-malformed', { why });
  const body = JSON.stringify({ message, code });
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
