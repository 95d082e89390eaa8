import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** Is told how an answer ended. The socket object identifies the connection. */
export interface AnswerWatcher {
  /**
   * Call this when the last byte was passed to the connection, which can still fail. `connection` is undefined for a
   * trusted proxy: it has received the whole answer, and may end the connection in any way (HAProxy resets good ones).
   */
  handedOver(connection: object | undefined): void;
  /** Call this when the connection ended before the answer was complete. */
  cutOff(): void;
  /** Call this when the connection was reset, perhaps after the last byte. */
  failed(connection: object): void;
}

const watched = new WeakSet<Socket>();

/** Reports to the watcher how the connection of the answer ends. Call it before sending the answer. */
export function watchAnswer(reply: FastifyReply, watcher: AnswerWatcher): void {
  const { raw, request } = reply;
  const { socket } = raw;
  const { throughProxy } = request.sender;
  if (socket === null || socket.destroyed) {
    watcher.cutOff();
    return;
  }
  let handedOver = false;
  raw.once('finish', () => {
    handedOver = true;
    watcher.handedOver(throughProxy ? undefined : socket);
  });
  raw.once('close', () => {
    if (!handedOver) watcher.cutOff();
  });
  if (throughProxy || watched.has(socket)) return;
  watched.add(socket);
  // A reset is an error of a system call. A normal end only means that the client had everything it wanted. Other
  // errors are about what it sent after that.
  socket.once('error', (error) => {
    if ('syscall' in error) watcher.failed(socket);
  });
}
