import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import type { Claim, Deliveries } from '../provisioning/deliveries.ts';

const observed = new WeakSet<Socket>();

/** Reports whether the answer to a claim was sent or lost, judging by its connection. */
export function watchDelivery(deliveries: Deliveries, claim: Claim, reply: FastifyReply): void {
  const { raw } = reply;
  const { socket } = raw;
  if (socket === null || socket.destroyed) {
    deliveries.lost(claim);
    return;
  }
  let isSent = false;
  raw.once('finish', () => {
    isSent = true;
    deliveries.sent(claim, socket);
  });
  raw.once('close', () => {
    if (!isSent) deliveries.lost(claim);
  });
  if (observed.has(socket)) return;
  observed.add(socket);
  // An error is a reset. A normal end only means that the client got what it wanted.
  socket.once('error', () => deliveries.connectionFailed(socket));
}
