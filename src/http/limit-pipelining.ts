import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** Real clients stay far below: phones, browsers and proxies wait for each answer before they send the next request. */
const maxUnanswered = 100;

/**
 * Passes requests on to `handle`, and closes a connection that has too many unanswered requests. Node.js stops reading
 * from a client that does not read, but only after handling all requests of one packet, which may be thousands.
 */
export function limitPipelining(handle: RequestListener): RequestListener {
  const unanswered = new WeakMap<Socket, number>();
  const change = (socket: Socket, by: 1 | -1): number => {
    const count = (unanswered.get(socket) ?? 0) + by;
    unanswered.set(socket, count);
    return count;
  };
  return (request, response) => {
    const { socket } = request;
    // The rest of the packet that exceeded the limit.
    if (socket.destroyed) return;
    if (change(socket, 1) > maxUnanswered) {
      socket.destroy();
      return;
    }
    response.once('close', () => change(socket, -1));
    handle(request, response);
  };
}
