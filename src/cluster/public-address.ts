import { pathPrefixOf } from '../lib/web-address.ts';
import type { Db } from '../storage/tables.ts';
import { readAddress, type StoredAddress } from './instance-store.ts';

/** For this long, a change of the address can be undone. */
const undoMs = 10 * 60_000;

/**
 * The address that links begin with: the one in the settings or, if they have none, the one in the database, or else a
 * default.
 */
export class PublicAddress {
  readonly #db: Db;
  readonly #own: string;
  /** Whether the settings fix the address. */
  readonly isFixed: boolean;
  #stored: StoredAddress = { publicUrl: null, previousUrl: null, changedAt: null };
  #current: { readonly url: string };
  #prefixes: readonly string[] = [];
  #begunReads = 0;
  /** The number of the latest read that was applied. */
  #appliedRead = 0;

  constructor(db: Db, { own, isFixed }: { readonly own: string; readonly isFixed: boolean }) {
    this.#db = db;
    this.#own = own;
    this.isFixed = isFixed;
    this.#current = { url: own };
    this.#prefixes = prefixesOf([own]);
  }

  /** Reads the address again, because this or another process may have changed it. */
  async refresh(): Promise<void> {
    if (this.isFixed) return;
    this.#begunReads += 1;
    const read = this.#begunReads;
    const stored = await readAddress(this.#db);
    // Of two concurrent reads, the older one may end last.
    if (read < this.#appliedRead) return;
    this.#appliedRead = read;
    this.#stored = stored;
    const url = this.urlIn(this.#stored);
    this.#prefixes = prefixesOf([url, this.previousUrl ?? url]);
    if (url !== this.#current.url) this.#current = { url };
  }

  get url(): string {
    return this.#current.url;
  }

  /** Returns the same object until the address changes, so that it can serve as the key of a cache. */
  get current(): { readonly url: string } {
    return this.#current;
  }

  /** The path prefix of the address; empty if it has none. */
  get pathPrefix(): string {
    return this.#prefixes[0] ?? '';
  }

  /** The path prefixes of the current address and the previous one, which open pages still use. */
  get pathPrefixes(): readonly string[] {
    return this.#prefixes;
  }

  /** The address before the latest change, for sessions that started there. */
  get previousUrl(): string | undefined {
    return this.#previousIn(this.#stored);
  }

  get changedAt(): number | undefined {
    return this.#stored.changedAt ?? undefined;
  }

  /** Returns whether the latest change can be undone, by default the latest that this process knows. */
  canUndo(now: number, stored = this.#stored): boolean {
    const { changedAt } = stored;
    const isAnother = this.#previousIn(stored) !== this.urlIn(stored);
    return !this.isFixed && changedAt !== null && isAnother && now - changedAt < undoMs;
  }

  /** Returns the address that follows from a stored one, if the settings do not fix it. */
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

/** The current public URL and its path prefix. Do not copy them: an administrator may change them. */
export interface AddressNow {
  readonly publicUrl: string;
  readonly pathPrefix: string;
}

/** Adds the address and its prefix to `parts` as getters, so that every holder of the object sees a change at once. */
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
