import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Space } from '../spaces/space.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import type { Db } from '../storage/tables.ts';
import { contactCard, outsideCard } from './contact-cards.ts';
import { condenseDirectoryChanges, listListedAccounts, readDirectoryRevision } from './directory-store.ts';
import { listOutsideContacts } from './outside-contact-store.ts';
import { writeVcard } from './vcard.ts';

/** The cards of all accounts of a space, as they are sent, and where each of them stands. */
export interface SharedDirectory {
  readonly cards: Buffer;
  /** Start and end by account id. */
  readonly places: ReadonlyMap<number, readonly [start: number, end: number]>;
}

interface Kept {
  readonly revision: string;
  readonly directory: Promise<SharedDirectory>;
}

const pageSize = 1_000;
/** How many spaces are kept ready. */
const maxKept = 20;

/** Keeps each space's directory as one buffer, which all its phones share until the directory changes. */
export class SharedDirectories {
  readonly #db: Db;
  /** The least recently asked for comes first. */
  readonly #kept = new Map<number, Kept>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** Returns the space's directory as it is now. Requests for the same revision wait for one reading. */
  async of(space: Space): Promise<SharedDirectory> {
    const revision = `${space.domain} ${await readDirectoryRevision(this.#db, space.id)}`;
    const known = this.#kept.get(space.id);
    const kept = known?.revision === revision ? known : { revision, directory: readDirectory(this.#db, space) };
    this.#kept.delete(space.id);
    this.#kept.set(space.id, kept);
    for (const id of this.#kept.keys()) if (this.#kept.size > maxKept) this.#kept.delete(id);
    // What failed is not kept, unless a newer one has taken its place.
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
    // Others are answered between the pages of a large company.
    await nextTurn();
  }
  parts.push(await outsideCards(db, space));
  return { cards: Buffer.concat(parts), places };
}

/** Returns the cards of the contacts from outside, which everybody in the space has. */
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

/** Keeps the table of what changed in directories short. */
export function condenseDirectories({ database }: { readonly database: Database }): Promise<void> {
  return inTransaction(database, condenseDirectoryChanges);
}
