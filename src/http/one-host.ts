import type { IncomingMessage, RequestListener } from 'node:http';
import { refuseConnection } from './refuse-connection.ts';

/**
 * Refuses requests with several `Host` headers, or with none although HTTP/1.1 demands one (RFC 9112, section 3.2). Of
 * several, Node.js would use the first and a proxy in front perhaps the last, and these may belong to different spaces.
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
  // Names and values alternate.
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}
