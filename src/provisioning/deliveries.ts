import type { NewEvent } from '../events/event.ts';
import { eventStep } from '../events/event-store.ts';
import { BatchWriter } from '../lib/batch-writer.ts';
import type { Database } from '../storage/database.ts';
import { recordOutcome } from '../tokens/claim-store.ts';

/** One answer that used a token up. */
export interface Claim {
  readonly tokenId: number;
  readonly attempt: number;
  readonly accountId: number;
  readonly spaceId: number;
}

/** What to do once it is known how an answer ended. */
interface Answer {
  /** `at`: when its last byte was handed over, in epoch milliseconds. */
  delivered(at: number): void;
  lost(): void;
}

interface Sent {
  readonly answer: Answer;
  readonly at: number;
  readonly connection: object;
  readonly settlesAt: number;
}

/** How an answer ended, and when: epoch milliseconds. */
interface Ended {
  readonly claim: Claim;
  readonly at: number;
  readonly outcome: 'delivered' | 'lost';
}

/** How long after its last byte an answer may still turn out lost. */
const settleMs = 1_000;
const settleEveryMs = 150;

/**
 * How answers fared: delivered, unless their connection fails before or within a second after their end. A loss counts here
 * at once, as the phone's next request may come sooner than the batch. Nothing is dropped: a code whose answer is not known
 * to be delivered would be answered again after a restart. There is at most one outcome for each claim in the database.
 */
export class Deliveries {
  readonly #now: () => number;
  /** In the order in which they settle. */
  readonly #sent = new Set<Sent>();
  readonly #ended: BatchWriter<Ended, string>;
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database, now: () => number, onError: (error: unknown, lost: number) => void) {
    this.#now = now;
    this.#ended = new BatchWriter({
      key: ({ claim }) => keyOf(claim),
      write: (ended) => recordOutcomes(database, ended),
      onFailure: 'keep',
      everyMs: 100,
      maxBatch: 100,
      onError,
    });
  }

  /** What the one who answers tells of the answer to a claim. */
  watcherOf(claim: Claim) {
    return this.#watcher({
      delivered: (at) => this.#ended.add({ claim, at, outcome: 'delivered' }),
      lost: () => this.#ended.add({ claim, at: this.#now(), outcome: 'lost' }),
    });
  }

  /** The same for an answer that used no token up: calls `delivered` once the answer counts as delivered. */
  watcherOfEnding(delivered: (at: number) => void) {
    return this.#watcher({ delivered, lost: () => {} });
  }

  /** Whether that answer is known to have failed, though the database may not say so yet. */
  knowsLost(claim: Pick<Claim, 'tokenId' | 'attempt'>): boolean {
    return this.#ended.find(keyOf(claim))?.outcome === 'lost';
  }

  /** For the end of the process: nothing sent will be heard of again, so it counts as delivered. */
  async close(patience: AbortSignal): Promise<void> {
    clearTimeout(this.#timer);
    this.#settle(Number.POSITIVE_INFINITY);
    await this.#ended.close(patience);
  }

  #watcher(answer: Answer) {
    return {
      handedOver: (connection: object) => {
        this.#sent.add({ answer, at: this.#now(), connection, settlesAt: performance.now() + settleMs });
        this.#schedule();
      },
      cutOff: () => answer.lost(),
      failed: (connection: object) => this.#connectionFailed(connection),
    };
  }

  /** What was sent over that connection within the last second is lost, of either kind. */
  #connectionFailed(connection: object): void {
    for (const each of this.#sent.values()) {
      if (each.connection !== connection) continue;
      this.#sent.delete(each);
      each.answer.lost();
    }
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#settle(performance.now());
      if (this.#sent.size > 0) this.#schedule();
    }, settleEveryMs).unref();
  }

  #settle(now: number): void {
    for (const each of this.#sent) {
      if (each.settlesAt > now) break;
      this.#sent.delete(each);
      each.answer.delivered(each.at);
    }
  }
}

function keyOf({ tokenId, attempt }: Pick<Claim, 'tokenId' | 'attempt'>): string {
  return `${tokenId}/${attempt}`;
}

/** Safe to repeat after a failure: an outcome that is stored stays, and the events come last, all or none. */
async function recordOutcomes(database: Database, ended: readonly Ended[]): Promise<void> {
  for (const outcome of ['delivered', 'lost'] as const) {
    const claims = ended.filter((each) => each.outcome === outcome).map(({ claim }) => claim);
    for (const [attempt, group] of Map.groupBy(claims, (claim) => claim.attempt)) {
      const tokenIds = group.map(({ tokenId }) => tokenId);
      await database.transaction().execute((tx) => recordOutcome(tx, outcome, attempt, tokenIds));
    }
  }
  await database.applyAll(ended.map((each) => eventStep(eventOf(each))));
}

function eventOf({ claim: { tokenId, accountId, spaceId }, at, outcome }: Ended): NewEvent {
  return { at, kind: outcome === 'lost' ? 'answer-lost' : 'delivered', spaceId, accountId, tokenId };
}
