import { pathPrefixOf } from '../lib/web-address.ts';
import type { Db } from '../storage/tables.ts';
import { readAddress, type StoredAddress } from './instance-store.ts';

/** How long a new address can be taken back. */
const undoMs = 10 * 60_000;

/** The address from which links are made. The setting counts; without one, what is in the database, or else a default. */
export class PublicAddress {
  readonly #db: Db;
  readonly #own: string;
  /** Whether the settings name the address. */
  readonly isFixed: boolean;
  #stored: StoredAddress = { publicUrl: null, previousUrl: null, changedAt: null };
  #current: { readonly url: string };
  #prefixes: readonly string[] = [];
  #begunReads = 0;
  /** The number of the latest read whose answer counts. */
  #appliedRead = 0;

  constructor(db: Db, { own, isFixed }: { readonly own: string; readonly isFixed: boolean }) {
    this.#db = db;
    this.#own = own;
    this.isFixed = isFixed;
    this.#current = { url: own };
    this.#prefixes = prefixesOf([own]);
  }

  /** Reads the address again, which this or another process may have changed. Returns whether it has changed. */
  async refresh(): Promise<boolean> {
    if (this.isFixed) return false;
    this.#begunReads += 1;
    const read = this.#begunReads;
    const stored = await readAddress(this.#db);
    // Of two reads at once, the older one may end last.
    if (read < this.#appliedRead) return false;
    this.#appliedRead = read;
    this.#stored = stored;
    const url = this.urlIn(this.#stored);
    this.#prefixes = prefixesOf([url, this.previousUrl ?? url]);
    if (url === this.#current.url) return false;
    this.#current = { url };
    return true;
  }

  get url(): string {
    return this.#current.url;
  }

  /** The same object until the address changes, so that what is made from the address can be remembered with it. */
  get current(): { readonly url: string } {
    return this.#current;
  }

  /** The path prefix of the address; empty if it has none. */
  get pathPrefix(): string {
    return this.#prefixes[0] ?? '';
  }

  /** The path prefixes of the current address and the one before, which pages that are still open go on with. */
  get pathPrefixes(): readonly string[] {
    return this.#prefixes;
  }

  /** The address before the latest change, for sessions that began there. */
  get previousUrl(): string | undefined {
    return this.#previousIn(this.#stored);
  }

  get changedAt(): number | undefined {
    return this.#stored.changedAt ?? undefined;
  }

  /** Returns whether the latest change can be taken back, by default the one that this process knows of. */
  canUndo(now: number, stored = this.#stored): boolean {
    const { changedAt } = stored;
    const isAnother = this.#previousIn(stored) !== this.urlIn(stored);
    return !this.isFixed && changedAt !== null && isAnother && now - changedAt < undoMs;
  }

  /** Returns the address that follows from what is stored, where no setting names it. */
  urlIn({ publicUrl }: StoredAddress): string {
    return publicUrl ?? this.#own;
  }

  #previousIn({ changedAt, previousUrl }: StoredAddress): string | undefined {
    return changedAt === null ? undefined : (previousUrl ?? this.#own);
  }
}

function prefixesOf(urls: readonly string[]): readonly string[] {
  return [...new Set(urls.map(pathPrefixOf))];
}

/** The current public URL and its path prefix. Read them again for each use: an administrator may change them. */
export interface AddressNow {
  readonly publicUrl: string;
  readonly pathPrefix: string;
}

/** Adds both to `parts` as getters, so that whoever holds the object sees a change at once. */
export function withAddress<T extends object>(parts: T, address: PublicAddress): T & AddressNow {
  const live = {
    get publicUrl() {
      return address.url;
    },
    get pathPrefix() {
      return address.pathPrefix;
    },
  };
  return Object.defineProperties(parts, Object.getOwnPropertyDescriptors(live)) as T & AddressNow;
}
