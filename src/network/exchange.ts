import { createSocket } from 'node:dgram';
import { connect, isIP, isIPv6, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { maxProvisional, readResponse, responseReader, type SipResponse } from '../sip/read-response.ts';
import type { Target } from './locate-server.ts';

/** A response, or why there is none. `certificate` is what is wrong with the certificate of a TLS server. */
export type Received =
  | (SipResponse & { readonly certificate: string | null })
  | { readonly kind: 'failed'; readonly why: Failure }
  | { readonly kind: 'no-answer' };

export type Failure = 'refused' | 'closed' | 'unreachable' | 'not-tls';

/** Returns the request. It contains the local address that it is sent from. */
export type WriteRequest = (local: Target) => string;

/** When a request over UDP is repeated if there is no answer (RFC 3261, 17.1.2.2). */
const repeatAfterMs = [500, 1_500, 3_500];

/** Sends the request over UDP and waits until `signal` is aborted. */
export function exchangeByUdp(target: Target, write: WriteRequest, signal: AbortSignal): Promise<Received> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(target.address) ? 'udp6' : 'udp4');
    const timers: NodeJS.Timeout[] = [];
    let isOver = false;
    const end = (received: Received): void => {
      if (isOver) return;
      isOver = true;
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket.close();
      resolve(received);
    };
    const giveUp = () => end({ kind: 'no-answer' });
    signal.addEventListener('abort', giveUp);
    socket.on('error', (error) => end(failure(error)));
    let messages = 0;
    socket.on('message', (bytes) => {
      const response = readResponse(bytes.toString());
      messages += 1;
      if (response !== undefined) end({ ...response, certificate: null });
      else if (messages === maxProvisional) giveUp();
    });
    // No callback of `connect`, because it would be called instead of the `error` event if connecting fails.
    socket.on('connect', () => {
      const request = write(socket.address());
      const send = () => socket.send(request);
      send();
      for (const delay of repeatAfterMs) timers.push(setTimeout(send, delay));
    });
    // The socket is connected, because only then the system reports that nothing listens at the port.
    socket.connect(target.port, target.address);
    if (signal.aborted) giveUp();
  });
}

export function exchangeByTcp(target: Target, write: WriteRequest, signal: AbortSignal): Promise<Received> {
  const socket = connect({ host: target.address, port: target.port });
  return exchangeByStream(socket, 'connect', write, signal);
}

/** Sends the request over TLS. Accepts any certificate, and returns what is wrong with it for `host`. */
export function exchangeByTls(
  { address, port }: Target,
  host: string,
  write: WriteRequest,
  signal: AbortSignal,
): Promise<Received> {
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = connectTls({ host: address, port, ...name, rejectUnauthorized: false });
  return exchangeByStream(socket, 'secureConnect', write, signal);
}

function exchangeByStream(
  socket: Socket | TLSSocket,
  ready: 'connect' | 'secureConnect',
  write: WriteRequest,
  signal: AbortSignal,
): Promise<Received> {
  return new Promise((resolve) => {
    const end = (received: Received): void => {
      signal.removeEventListener('abort', giveUp);
      // Later errors of a socket that is no longer needed are ignored.
      socket.removeAllListeners().on('error', () => {});
      socket.destroy();
      resolve(received);
    };
    const giveUp = () => end({ kind: 'no-answer' });
    const read = responseReader();
    signal.addEventListener('abort', giveUp);
    socket.on('error', (error) => end(failure(error)));
    socket.on('close', () => end({ kind: 'failed', why: 'closed' }));
    socket.on(ready, () => {
      const { localAddress = '', localPort = 0 } = socket;
      socket.write(write({ address: localAddress, port: localPort }));
    });
    socket.setEncoding('utf8').on('data', (chunk) => {
      const response = read(String(chunk));
      if (response !== undefined) end({ ...response, certificate: certificateFault(socket) });
    });
    if (signal.aborted) giveUp();
  });
}

function certificateFault(socket: Socket | TLSSocket): string | null {
  if (!('authorized' in socket) || socket.authorized) return null;
  const fault: unknown = socket.authorizationError;
  return String(fault instanceof Error ? fault.message : fault)
    .toLowerCase()
    .replaceAll('_', ' ');
}

function failure(error: Error & { readonly code?: string }): Received {
  const { code = '' } = error;
  if (code === 'ECONNREFUSED') return { kind: 'failed', why: 'refused' };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'failed', why: 'closed' };
  return { kind: 'failed', why: /^(ERR_SSL|ERR_TLS|EPROTO)/.test(code) ? 'not-tls' : 'unreachable' };
}
