import type { EventLog } from '../events/event-log.ts';
import type { Db } from '../storage/tables.ts';
import { recordOutcome } from '../tokens/claim-store.ts';

/** One answer that used a token up. */
export interface Claim {
  readonly tokenId: number;
  readonly attempt: number;
  readonly accountId: number;
  readonly spaceId: number;
}

interface Sent extends Ended {
  readonly connection: object;
  readonly settlesAt: number;
}

/** How an answer ended, and when: epoch milliseconds. */
interface Ended {
  readonly claim: Claim;
  readonly at: number;
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
  readonly #events: EventLog;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  /** In the order in which they settle. */
  readonly #sent = new Set<Sent>();
  /** By the id of the token: of its answers only the last one matters. */
  readonly #lost = new Map<number, Ended>();
  #delivered: Ended[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(db: Db, events: EventLog, now: () => number, onError: (error: unknown) => void) {
    this.#db = db;
    this.#events = events;
    this.#now = now;
    this.#onError = onError;
  }

  /** The last byte was handed over to `connection`, which may still fail. */
  sent(claim: Claim, connection: object): void {
    this.#sent.add({ claim, at: this.#now(), connection, settlesAt: performance.now() + settleMs });
    this.#schedule();
  }

  lost(claim: Claim): void {
    this.#lost.set(claim.tokenId, { claim, at: this.#now() });
    this.#schedule();
  }

  /** What was sent over that connection within the last second is lost. */
  connectionFailed(connection: object): void {
    for (const each of this.#sent.values()) {
      if (each.connection !== connection) continue;
      this.#sent.delete(each);
      this.lost(each.claim);
    }
  }

  /** Whether that answer is known to have failed, though the database may not say so yet. */
  knowsLost({ tokenId, attempt }: Pick<Claim, 'tokenId' | 'attempt'>): boolean {
    return this.#lost.get(tokenId)?.claim.attempt === attempt;
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
      for (const { claim } of lost) if (this.knowsLost(claim)) this.#lost.delete(claim.tokenId);
    });
    return this.#writing;
  }

  async #write(outcome: 'delivered' | 'lost', ended: readonly Ended[]): Promise<boolean> {
    try {
      for (const [attempt, group] of Map.groupBy(ended, ({ claim }) => claim.attempt)) {
        await recordOutcome(
          this.#db,
          outcome,
          attempt,
          group.map(({ claim }) => claim.tokenId),
        );
      }
    } catch (error) {
      this.#onError(error);
      return false;
    }
    const kind = outcome === 'lost' ? 'answer-lost' : 'delivered';
    await this.#events.save(
      ended.map(({ claim: { tokenId, accountId, spaceId }, at }) => ({ at, kind, spaceId, accountId, tokenId })),
    );
    return true;
  }
}
