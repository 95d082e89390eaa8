import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

type Exchange = readonly [request: IncomingMessage, response: ServerResponse];

/**
 * Real clients stay far below this, because phones, browsers and proxies wait for each answer before they send the next
 * request.
 */
const maxWaiting = 100;

/**
 * Passes the requests of a connection to `handle` one after another, each after the previous answer was sent. So a
 * client that does not read has only one answer in memory. Closes a connection on which too many requests wait. Node.js
 * itself stops reading from such a client only after handling all requests of one packet, which may be thousands.
 */
export function oneRequestEach(handle: RequestListener): RequestListener {
  /** The waiting requests. A connection has an entry while one of its requests is being handled. */
  const waiting = new WeakMap<Socket, Exchange[]>();
  const begin = (...[request, response]: Exchange): void => {
    const { socket } = request;
    response.once('close', () => {
      const next = waiting.get(socket)?.shift();
      if (next === undefined || socket.destroyed) waiting.delete(socket);
      else begin(...next);
    });
    handle(request, response);
  };
  return (request, response) => {
    const { socket } = request;
    // This is the rest of a packet that exceeded the limit.
    if (socket.destroyed) return;
    const before = waiting.get(socket);
    if (before === undefined) {
      waiting.set(socket, []);
      begin(request, response);
    } else if (before.length < maxWaiting) {
      before.push([request, response]);
    } else {
      socket.destroy();
    }
  };
}
