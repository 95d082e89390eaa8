import type { Db } from '../storage/tables.ts';
import type { Outcome } from './token.ts';
import { recordOutcome } from './token-store.ts';

/** One answer that used a token up. */
export interface Claim {
  readonly tokenId: number;
  readonly attempt: number;
}

interface Report extends Claim {
  readonly outcome: Outcome;
}

const flushAfterMs = 100;

/**
 * How answers fared, written down in batches off the hot path. A loss counts here at once: the phone's next request may
 * come sooner than the batch.
 */
export class Deliveries {
  readonly #db: Db;
  readonly #onError: (error: unknown) => void;
  #waiting: Report[] = [];
  readonly #lost = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(db: Db, onError: (error: unknown) => void) {
    this.#db = db;
    this.#onError = onError;
  }

  report(claim: Claim, outcome: 'delivered' | 'lost'): void {
    this.#waiting.push({ ...claim, outcome });
    if (outcome === 'lost') this.#lost.add(keyOf(claim));
    this.#timer ??= setTimeout(() => void this.flush(), flushAfterMs).unref();
  }

  /** Whether that answer is known to have failed, though the database may not say so yet. */
  knowsLost(claim: Claim): boolean {
    return this.#lost.has(keyOf(claim));
  }

  /** Writes what waits; resolves when it, and what was being written, is down. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const reports = this.#waiting;
    this.#waiting = [];
    this.#writing = this.#writing.then(() => this.#write(reports));
    return this.#writing;
  }

  async #write(reports: readonly Report[]): Promise<void> {
    const groups = Map.groupBy(reports, ({ outcome, attempt }) => `${outcome} ${attempt}`);
    for (const [first, ...others] of groups.values()) {
      if (first === undefined) continue;
      const claims = [first, ...others];
      try {
        await recordOutcome(
          this.#db,
          first.outcome,
          first.attempt,
          claims.map((each) => each.tokenId),
        );
        for (const claim of claims) this.#lost.delete(keyOf(claim));
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

function keyOf({ tokenId, attempt }: Claim): string {
  return `${tokenId}/${attempt}`;
}
