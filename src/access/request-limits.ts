import { AppError } from '../errors.ts';
import { RateLimit } from '../lib/rate-limit.ts';
import type { Space } from '../spaces/space.ts';

const minuteMs = 60_000;

/** Limits how often each space makes this server contact SIP servers and send test mails. */
export class RequestLimits {
  readonly #limits = {
    registrar: new RateLimit({ max: 6, windowMs: minuteMs }),
    mail: new RateLimit({ max: 3, windowMs: minuteMs }),
  };

  /** Throws `too-many-requests` if the space has made as many of these requests as it may within a minute. */
  admit(kind: 'registrar' | 'mail', { id }: Pick<Space, 'id'>, now: number): void {
    const waitMs = this.#limits[kind].waitMs(id, now);
    if (waitMs > 0) throw new AppError('too-many-requests', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }
}
