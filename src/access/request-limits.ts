import { AppError } from '../errors.ts';
import { RateLimit } from '../lib/rate-limit.ts';
import type { Space } from '../spaces/space.ts';

const minuteMs = 60_000;

/** Limits how often each space makes this server contact SIP servers and send test mails. */
export class RequestLimits {
  readonly #elapsed: () => number;
  readonly #limits = {
    registrar: new RateLimit({ max: 6, windowMs: minuteMs }),
    mail: new RateLimit({ max: 3, windowMs: minuteMs }),
  };

  /** `elapsed` returns milliseconds since an arbitrary moment, and is never set back. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Throws `too-many-requests` if the space has made as many of these requests as it may within a minute. */
  admit(kind: 'registrar' | 'mail', { id }: Pick<Space, 'id'>): void {
    const waitMs = this.#limits[kind].waitMs(id, this.#elapsed());
    if (waitMs > 0) throw new AppError('too-many-requests', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }
}
