import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import type { Claim, Deliveries } from '../provisioning/deliveries.ts';

const observed = new WeakSet<Socket>();

/** Reports how the answer to a claim fares, as far as its connection tells. */
export function watchDelivery(deliveries: Deliveries, claim: Claim, reply: FastifyReply): void {
  const { raw } = reply;
  const { socket } = raw;
  if (socket === null || socket.destroyed) {
    deliveries.lost(claim);
    return;
  }
  let handedOver = false;
  raw.once('finish', () => {
    handedOver = true;
    deliveries.sent(claim, socket);
  });
  raw.once('close', () => {
    if (!handedOver) deliveries.lost(claim);
  });
  if (observed.has(socket)) return;
  observed.add(socket);
  // An error is a reset; a plain end only means that the client had what it wanted.
  socket.once('error', () => deliveries.connectionFailed(socket));
}
