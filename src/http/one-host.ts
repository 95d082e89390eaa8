import type { IncomingMessage, RequestListener } from 'node:http';
import { refuseConnection } from './refuse-connection.ts';

/**
 * Refuses requests with several `Host` headers, or none where HTTP/1.1 demands one (RFC 9112, section 3.2). Node.js would
 * take the first, where the proxy before us may have taken the last, and so tell spaces apart in another way.
 */
export function oneHost(handle: RequestListener): RequestListener {
  return (request, response) => {
    const count = countHosts(request);
    if (count === 1 || (count === 0 && request.httpVersion === '1.0')) handle(request, response);
    else refuseConnection(new Error(`${count} Host headers`), request.socket);
  };
}

function countHosts({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  // Names and values take turns.
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}
