import type { Db } from '../storage/tables.ts';
import type { Outcome } from './token.ts';
import { recordOutcome } from './token-store.ts';

/** One answer that used a token up. */
export interface Claim {
  readonly tokenId: number;
  readonly attempt: number;
}

interface Sent extends Claim {
  readonly connection: object;
  readonly settlesAt: number;
}

/** How long after its last byte an answer may still turn out lost. */
const settleMs = 1_000;
const flushEveryMs = 250;

/**
 * How answers fared: delivered, unless their connection fails before or within a second after their end. Written down in
 * batches off the hot path; a loss counts here at once, as the phone's next request may come sooner than the batch.
 */
export class Deliveries {
  readonly #db: Db;
  readonly #onError: (error: unknown) => void;
  /** In the order in which they settle. */
  readonly #sent = new Set<Sent>();
  /** By the id of the token: of its answers only the last one matters. */
  readonly #lost = new Map<number, Claim>();
  #delivered: Claim[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(db: Db, onError: (error: unknown) => void) {
    this.#db = db;
    this.#onError = onError;
  }

  /** The last byte was handed over to `connection`, which may still fail. */
  sent(claim: Claim, connection: object): void {
    this.#sent.add({ ...claim, connection, settlesAt: performance.now() + settleMs });
    this.#schedule();
  }

  lost({ tokenId, attempt }: Claim): void {
    this.#lost.set(tokenId, { tokenId, attempt });
    this.#schedule();
  }

  /** What was sent over that connection within the last second is lost. */
  connectionFailed(connection: object): void {
    for (const each of this.#sent.values()) {
      if (each.connection !== connection) continue;
      this.#sent.delete(each);
      this.lost(each);
    }
  }

  /** Whether that answer is known to have failed, though the database may not say so yet. */
  knowsLost(claim: Claim): boolean {
    return this.#lost.get(claim.tokenId)?.attempt === claim.attempt;
  }

  /** For the end of the process: nothing sent will be heard of again, so it counts as delivered. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#flush(Number.POSITIVE_INFINITY);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#flush(performance.now());
      if (this.#sent.size > 0) this.#schedule();
    }, flushEveryMs).unref();
  }

  #flush(now: number): Promise<void> {
    for (const each of this.#sent) {
      if (each.settlesAt > now) break;
      this.#sent.delete(each);
      this.#delivered.push(each);
    }
    const delivered = this.#delivered;
    this.#delivered = [];
    const lost = [...this.#lost.values()];
    this.#writing = this.#writing.then(async () => {
      await this.#write('delivered', delivered);
      if (!(await this.#write('lost', lost))) return;
      for (const claim of lost) if (this.knowsLost(claim)) this.#lost.delete(claim.tokenId);
    });
    return this.#writing;
  }

  async #write(outcome: Outcome, claims: readonly Claim[]): Promise<boolean> {
    try {
      for (const [attempt, group] of Map.groupBy(claims, (claim) => claim.attempt)) {
        await recordOutcome(
          this.#db,
          outcome,
          attempt,
          group.map((claim) => claim.tokenId),
        );
      }
      return true;
    } catch (error) {
      this.#onError(error);
      return false;
    }
  }
}
