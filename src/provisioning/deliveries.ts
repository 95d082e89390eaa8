import { BatchWriter } from '../lib/batch-writer.ts';
import { RecentTimes } from '../lib/recent-times.ts';
import type { Database } from '../storage/database.ts';
import type { Claim } from '../tokens/claim-store.ts';
import { type EndedAnswer, outcomeSteps } from '../tokens/outcome-store.ts';
import { lostAnswersKeptMs } from '../tokens/token.ts';

/** What an answer used up, or what to call with the time of its last byte (epoch milliseconds) once it is delivered. */
type Followed = Claim | ((at: number) => void);

interface Sent {
  readonly followed: Followed;
  readonly at: number;
  readonly connection: object;
  readonly settlesAt: number;
}

/** For this long after its last byte, an answer may still turn out to be lost. */
const settleMs = 1_000;
const settleEveryMs = 150;
/** Long enough for a late commit to store an unconfirmed claim, and for the phone to ask again. */
const unconfirmedKnownMs = lostAnswersKeptMs;
/** Longer than it takes to write an outcome to the database, and for other requests to read it there. */
const endsKnownMs = 10_000;

/**
 * Records how answers ended. An answer counts as delivered unless its connection fails before, or within a second
 * after, its last byte. `outcomeOf` and `endOf` know the outcome at once, because the phone may ask again before the
 * batch is written. No outcome is lost, even at a restart: a code would be answered again if its delivery were not
 * recorded.
 */
export class Deliveries {
  readonly #now: () => number;
  /** Ordered by the time at which they settle. */
  readonly #sent = new Set<Sent>();
  readonly #ended: BatchWriter<EndedAnswer, string>;
  readonly #claimIds: ClaimIds;
  /** Claims whose commit was not confirmed, so that no answer was sent. The values are times of `steadyNow`. */
  readonly #unconfirmed = new Map<string, number>();
  /** When answers ended, as times of `steadyNow`, by the number of the claim. */
  readonly #ends: RecentTimes;
  readonly #steadyNow: () => number;
  readonly #elapsed: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    database: Database,
    { now, steadyNow, elapsed, bootId }: { now(): number; steadyNow(): number; elapsed(): number; bootId: string },
    onError: (error: unknown, lost: number) => void,
  ) {
    this.#now = now;
    this.#claimIds = new ClaimIds(bootId);
    this.#steadyNow = steadyNow;
    this.#elapsed = elapsed;
    this.#ends = new RecentTimes(steadyNow(), endsKnownMs);
    this.#ended = new BatchWriter({
      key: ({ claim }) => claim.id,
      write: (ended) => database.applyAll(outcomeSteps(ended, steadyNow())),
      onFailure: 'keep',
      everyMs: 100,
      maxBatch: 100,
      onError,
    });
  }

  newClaimId(): string {
    return this.#claimIds.next();
  }

  /** Returns the watcher for the answer to a claim. */
  watcherOf(claim: Claim) {
    return this.#watcher(claim);
  }

  /** Returns the watcher for an answer that uses up no token. It calls `delivered` once the answer is delivered. */
  watcherOfEnding(delivered: (at: number) => void) {
    return this.#watcher(delivered);
  }

  /** Records a claim whose commit was not confirmed. The database may have stored it, but no answer was sent. */
  unconfirmed(claim: Claim): void {
    const now = this.#steadyNow();
    for (const [id, since] of this.#unconfirmed) {
      if (now - since <= unconfirmedKnownMs) break;
      this.#unconfirmed.delete(id);
    }
    this.#unconfirmed.set(claim.id, now);
    this.#ended.add({ claim, at: this.#now(), outcome: 'lost' });
  }

  /** Adds the outcomes that an earlier process could not write. */
  restore(ended: readonly EndedAnswer[]): void {
    for (const each of ended) this.#ended.add(each);
  }

  /** Returns the outcome of the answer to a claim, as long as the database may not have it yet. */
  outcomeOf(claimId: string): EndedAnswer['outcome'] | undefined {
    return this.#ended.find(claimId)?.outcome ?? (this.#unconfirmed.has(claimId) ? 'lost' : undefined);
  }

  /** Returns when the last byte of the answer was passed on, or undefined if it was not or is some time ago. */
  endOf(claimId: string): number | undefined {
    const number = this.#claimIds.numberOf(claimId);
    return number === undefined ? undefined : this.#ends.find(number);
  }

  /** Writes all outcomes. Returns whether that succeeded. */
  flush(): Promise<boolean> {
    return this.#ended.flush();
  }

  /**
   * Counts all unsettled answers as delivered. For callers who know that no connection will report a failure any more.
   */
  settleAll(): Promise<boolean> {
    this.#settle(Number.POSITIVE_INFINITY);
    return this.flush();
  }

  /**
   * Counts all unsettled answers as delivered, because no failure can be reported any more, and writes the outcomes.
   * Returns those that could not be written.
   */
  close(patience: AbortSignal): Promise<EndedAnswer[]> {
    clearTimeout(this.#timer);
    this.#settle(Number.POSITIVE_INFINITY);
    return this.#ended.close(patience);
  }

  #watcher(followed: Followed) {
    return {
      handedOver: (connection: object | undefined) => this.#handedOver(followed, connection),
      cutOff: () => this.#lost(followed),
      failed: (connection: object) => this.#connectionFailed(connection),
    };
  }

  #handedOver(followed: Followed, connection: object | undefined): void {
    const at = this.#now();
    if ('id' in followed) this.#noteEnd(followed.id);
    if (connection === undefined) {
      this.#delivered(followed, at);
      return;
    }
    this.#sent.add({ followed, at, connection, settlesAt: this.#elapsed() + settleMs });
    this.#schedule();
  }

  #delivered(followed: Followed, at: number): void {
    if ('id' in followed) this.#ended.add({ claim: followed, at, outcome: 'delivered' });
    else followed(at);
  }

  #lost(followed: Followed): void {
    if ('id' in followed) this.#ended.add({ claim: followed, at: this.#now(), outcome: 'lost' });
  }

  #noteEnd(claimId: string): void {
    const number = this.#claimIds.numberOf(claimId);
    if (number !== undefined) this.#ends.note(number, this.#steadyNow());
  }

  /** Counts all answers that were sent over the connection within the last second as lost. */
  #connectionFailed(connection: object): void {
    for (const each of this.#sent.values()) {
      if (each.connection !== connection) continue;
      this.#sent.delete(each);
      this.#lost(each.followed);
    }
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#settle(this.#elapsed());
      if (this.#sent.size > 0) this.#schedule();
    }, settleEveryMs).unref();
  }

  #settle(now: number): void {
    for (const each of this.#sent) {
      if (each.settlesAt > now) break;
      this.#sent.delete(each);
      this.#delivered(each.followed, each.at);
    }
  }
}

/** Creates ids for the claims of this process, which differ from those of all other processes. */
class ClaimIds {
  readonly #prefix: string;
  #count = 0;

  constructor(bootId: string) {
    this.#prefix = `${bootId.slice(0, 13)}-`;
  }

  next(): string {
    this.#count += 1;
    return this.#prefix + this.#count.toString(36);
  }

  /** Returns undefined for a claim of another process. */
  numberOf(id: string): number | undefined {
    return id.startsWith(this.#prefix) ? Number.parseInt(id.slice(this.#prefix.length), 36) : undefined;
  }
}
