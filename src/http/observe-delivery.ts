import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import type { Claim, Deliveries } from '../provisioning/deliveries.ts';

/** How long after its last byte an answer may still turn out lost. */
const settleMs = 1_000;

/** Answers whose last byte is out, by the connection they went over. */
const settling = new WeakMap<Socket, Set<() => void>>();

/** Reports how the answer to a claim fares: delivered, unless its connection fails before or within a second after its end. */
export function observeDelivery(deliveries: Deliveries, claim: Claim, reply: FastifyReply): void {
  const { raw } = reply;
  const { socket } = raw;
  if (socket === null || socket.destroyed) {
    deliveries.report(claim, 'lost');
    return;
  }
  let handedOver = false;
  raw.once('finish', () => {
    handedOver = true;
    settle(deliveries, claim, socket);
  });
  raw.once('close', () => {
    if (!handedOver) deliveries.report(claim, 'lost');
  });
}

function settle(deliveries: Deliveries, claim: Claim, socket: Socket): void {
  const failures = failuresOf(socket);
  const fail = (): void => {
    clearTimeout(timer);
    deliveries.report(claim, 'lost');
  };
  const timer = setTimeout(() => {
    failures.delete(fail);
    deliveries.report(claim, 'delivered');
  }, settleMs);
  timer.unref();
  failures.add(fail);
}

function failuresOf(socket: Socket): Set<() => void> {
  const known = settling.get(socket);
  if (known !== undefined) return known;
  const failures = new Set<() => void>();
  settling.set(socket, failures);
  // An error is a reset; a plain end only means that the client had what it wanted.
  socket.once('error', () => {
    for (const fail of failures) fail();
    failures.clear();
  });
  return failures;
}
