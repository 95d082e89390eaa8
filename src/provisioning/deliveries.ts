import type { NewEvent } from '../events/event.ts';
import { eventStep } from '../events/event-store.ts';
import { BatchWriter } from '../lib/batch-writer.ts';
import type { Database } from '../storage/database.ts';
import type { Step } from '../storage/statement.ts';
import { outcomeSteps } from '../tokens/claim-store.ts';

/** One answer that used a token up. */
export interface Claim {
  readonly tokenId: number;
  readonly attempt: number;
  readonly accountId: number;
  readonly spaceId: number;
}

/** What to do once it is known how an answer ended. */
interface Answer {
  handedOver(): void;
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
/** Longer than it takes until an outcome is in the database, and other requests have read it there. */
const endsKnownMs = 10_000;

/**
 * Records how answers ended. An answer is delivered unless its connection fails before, or within a second after, its
 * last byte. `knowsLost` and `endOf` know at once, because the phone may ask again before the batch is written. Nothing is
 * dropped: after a restart, a code would be answered again if its answer were not known to be delivered.
 */
export class Deliveries {
  readonly #now: () => number;
  /** In the order in which they settle. */
  readonly #sent = new Set<Sent>();
  readonly #ended: BatchWriter<Ended, string>;
  /** When answers ended, by `steadyNow`: those since `#endsSince`, and those of the time before. */
  #ends = new Map<string, number>();
  #earlierEnds = new Map<string, number>();
  #endsSince = 0;
  readonly #steadyNow: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    database: Database,
    { now, steadyNow }: { now(): number; steadyNow(): number },
    onError: (error: unknown, lost: number) => void,
  ) {
    this.#now = now;
    this.#steadyNow = steadyNow;
    this.#ended = new BatchWriter({
      key: ({ claim }) => keyOf(claim),
      write: (ended) => database.applyAll(outcomesOf(ended, steadyNow())),
      onFailure: 'keep',
      everyMs: 100,
      maxBatch: 100,
      onError,
    });
  }

  /** Returns the watcher for the answer to a claim. */
  watcherOf(claim: Claim) {
    return this.#watcher({
      handedOver: () => this.#noteEnd(claim),
      delivered: (at) => this.#ended.add({ claim, at, outcome: 'delivered' }),
      lost: () => this.#ended.add({ claim, at: this.#now(), outcome: 'lost' }),
    });
  }

  /** Returns the watcher for an answer that uses no token up. It calls `delivered` once that answer is delivered. */
  watcherOfEnding(delivered: (at: number) => void) {
    return this.#watcher({ handedOver: () => {}, delivered, lost: () => {} });
  }

  /** Returns whether the answer is known to be lost, even if the database does not say so yet. */
  knowsLost(claim: Pick<Claim, 'tokenId' | 'attempt'>): boolean {
    return this.#ended.find(keyOf(claim))?.outcome === 'lost';
  }

  /** Returns when the last byte of the answer was handed over. Undefined if it was not, or some time ago. */
  endOf(claim: Pick<Claim, 'tokenId' | 'attempt'>): number | undefined {
    const key = keyOf(claim);
    return this.#ends.get(key) ?? this.#earlierEnds.get(key);
  }

  /** Counts all answers on their way as delivered, because nothing more will be heard of them, and writes the outcomes. */
  async close(patience: AbortSignal): Promise<void> {
    clearTimeout(this.#timer);
    this.#settle(Number.POSITIVE_INFINITY);
    await this.#ended.close(patience);
  }

  #watcher(answer: Answer) {
    return {
      handedOver: (connection: object | undefined) => {
        const at = this.#now();
        answer.handedOver();
        if (connection === undefined) return answer.delivered(at);
        this.#sent.add({ answer, at, connection, settlesAt: performance.now() + settleMs });
        this.#schedule();
      },
      cutOff: () => answer.lost(),
      failed: (connection: object) => this.#connectionFailed(connection),
    };
  }

  #noteEnd(claim: Claim): void {
    const now = this.#steadyNow();
    if (now - this.#endsSince > endsKnownMs) {
      this.#earlierEnds = this.#ends;
      this.#ends = new Map();
      this.#endsSince = now;
    }
    this.#ends.set(keyOf(claim), now);
  }

  /** Counts everything that was sent over the connection within the last second as lost. */
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

function outcomesOf(ended: readonly Ended[], now: number): Step[] {
  const groups = Map.groupBy(ended, ({ outcome, claim }) => `${outcome} ${claim.attempt}`);
  const outcomes = [...groups.values()].flatMap((group) => {
    const [first] = group;
    const tokenIds = group.map(({ claim }) => claim.tokenId);
    return first === undefined ? [] : outcomeSteps(first.outcome, first.claim.attempt, tokenIds, now);
  });
  return [...outcomes, ...ended.map((each) => eventStep(eventOf(each)))];
}

function eventOf({ claim: { tokenId, accountId, spaceId }, at, outcome }: Ended): NewEvent {
  return { at, kind: outcome === 'lost' ? 'answer-lost' : 'delivered', spaceId, accountId, tokenId };
}
