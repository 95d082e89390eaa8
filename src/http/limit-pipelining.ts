import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** Phones, browsers and proxies wait for each answer before they ask again on the same connection. */
const maxUnanswered = 100;

/**
 * Passes requests on to `handle`, and ends a connection on which too many wait for their answers. Node stops reading from a
 * client that does not read, but only after it has passed on all that came in one packet, which may be thousands.
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
    // The rest of the packet in which the limit was passed.
    if (socket.destroyed) return;
    if (change(socket, 1) > maxUnanswered) {
      socket.destroy();
      return;
    }
    response.once('close', () => change(socket, -1));
    handle(request, response);
  };
}
