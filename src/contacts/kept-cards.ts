import type { Space } from '../spaces/space.ts';

/** What is kept for a space: cards, ready to send. */
interface Cards {
  readonly cards: Buffer;
}

interface Kept<Of extends Cards> {
  readonly revision: string;
  readonly reading: Promise<Of>;
  bytes: number;
}

/** About what an entry takes beside its cards. */
const entryBytes = 1024;

/**
 * Keeps what was read for each space until its revision changes. Of what exceeds `maxBytes` in all, the spaces whose
 * cards were asked for last are kept.
 */
export class KeptCards<Of extends Cards> {
  readonly #read: (space: Space) => Promise<Of>;
  readonly #maxBytes: number;
  /** Ordered by last use, the oldest first. */
  readonly #kept = new Map<number, Kept<Of>>();
  #bytes = 0;

  constructor(read: (space: Space) => Promise<Of>, maxBytes: number) {
    this.#read = read;
    this.#maxBytes = maxBytes;
  }

  /** Returns what belongs to this revision of the space. Requests for the same revision share one read. */
  of(space: Space, revision: string): Promise<Of> {
    const known = this.#kept.get(space.id);
    const kept = known?.revision === revision ? known : { revision, reading: this.#read(space), bytes: entryBytes };
    this.#forget(space.id);
    this.#kept.set(space.id, kept);
    this.#bytes += kept.bytes;
    if (kept !== known) this.#finish(space.id, kept);
    return kept.reading;
  }

  /** Counts the bytes once they are read. A failed read is forgotten. */
  #finish(id: number, kept: Kept<Of>): void {
    const isKept = () => this.#kept.get(id) === kept;
    kept.reading.then(
      ({ cards }) => {
        if (!isKept()) return;
        kept.bytes += cards.length;
        this.#bytes += cards.length;
        for (const oldest of this.#kept.keys()) if (this.#isTooMuch()) this.#forget(oldest);
      },
      () => isKept() && this.#forget(id),
    );
  }

  #isTooMuch(): boolean {
    return this.#bytes > this.#maxBytes && this.#kept.size > 1;
  }

  #forget(id: number): void {
    this.#bytes -= this.#kept.get(id)?.bytes ?? 0;
    this.#kept.delete(id);
  }
}
