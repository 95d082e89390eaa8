import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** Is told how an answer ended. The socket identifies its connection. */
export interface AnswerWatcher {
  /**
   * The last byte was handed over to the connection, which can still fail. Undefined: to a trusted proxy, which has taken
   * the whole answer by then, and may end its own connection as it likes (HAProxy resets good ones).
   */
  handedOver(connection: object | undefined): void;
  /** The connection ended before the answer was complete. */
  cutOff(): void;
  /** The connection was reset, perhaps after the last byte. */
  failed(connection: object): void;
}

const watched = new WeakSet<Socket>();

/** Reports to the watcher how the connection of the answer ends. Call it before the answer is sent. */
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
  // A reset is an error of a system call. A plain end only means that the client had what it wanted, and other errors
  // concern what it sent after that.
  socket.once('error', (error) => {
    if ('syscall' in error) watcher.failed(socket);
  });
}
