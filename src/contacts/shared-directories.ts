import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Space } from '../spaces/space.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import type { Db } from '../storage/tables.ts';
import { contactCard, outsideCard } from './contact-cards.ts';
import { condenseDirectoryChanges, listListedAccounts, readDirectoryRevision } from './directory-store.ts';
import { listOutsideContacts } from './outside-contact-store.ts';
import { writeVcard } from './vcard.ts';

/** The cards of all accounts of a space, ready to send, and the position of each card. */
export interface SharedDirectory {
  readonly cards: Buffer;
  /** Start and end of a card in `cards`, by account id. */
  readonly places: ReadonlyMap<number, readonly [start: number, end: number]>;
}

interface Kept {
  readonly revision: string;
  readonly directory: Promise<SharedDirectory>;
}

const pageSize = 1_000;
/** The directories of this many spaces are cached. */
const maxKept = 20;

/**
 * Caches the directory of each space as one buffer, which all phones of the space share until the directory changes.
 */
export class SharedDirectories {
  readonly #db: Db;
  /** Ordered by last use, the oldest first. */
  readonly #kept = new Map<number, Kept>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** Returns the current directory of a space. Requests for the same revision share one read. */
  async of(space: Space): Promise<SharedDirectory> {
    const revision = `${space.domain} ${await readDirectoryRevision(this.#db, space.id)}`;
    const known = this.#kept.get(space.id);
    const kept = known?.revision === revision ? known : { revision, directory: readDirectory(this.#db, space) };
    this.#kept.delete(space.id);
    this.#kept.set(space.id, kept);
    for (const id of this.#kept.keys()) if (this.#kept.size > maxKept) this.#kept.delete(id);
    // A failed read is removed, unless a newer one has replaced it.
    kept.directory.catch(() => this.#kept.get(space.id) === kept && this.#kept.delete(space.id));
    return kept.directory;
  }
}

async function readDirectory(db: Db, space: Space): Promise<SharedDirectory> {
  const parts: Buffer[] = [];
  const places = new Map<number, readonly [number, number]>();
  let length = 0;
  for (let after = 0; ; ) {
    const accounts = await listListedAccounts(db, space.id, { limit: pageSize, after });
    for (const account of accounts) {
      const card = Buffer.from(writeVcard(contactCard({ account, space })) ?? '');
      places.set(account.id, [length, length + card.length]);
      parts.push(card);
      length += card.length;
    }
    const last = accounts.at(-1);
    if (last === undefined) break;
    after = last.id;
    // Lets other requests run between two pages of a large directory.
    await nextTurn();
  }
  parts.push(await outsideCards(db, space));
  return { cards: Buffer.concat(parts), places };
}

/** Returns the cards of the space's outside contacts, which all its phones have. */
export async function outsideCards(db: Db, space: Space): Promise<Buffer> {
  const parts: string[] = [];
  for (let after = 0; ; ) {
    const contacts = await listOutsideContacts(db, space.id, { limit: pageSize, after });
    parts.push(...contacts.map((contact) => writeVcard(outsideCard(contact, space)) ?? ''));
    const last = contacts.at(-1);
    if (last === undefined) return Buffer.from(parts.join(''));
    after = last.id;
  }
}

/** Keeps the table of directory changes short. */
export function condenseDirectories({ database }: { readonly database: Database }): Promise<void> {
  return inTransaction(database, condenseDirectoryChanges);
}
