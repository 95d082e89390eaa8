import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Space } from '../spaces/space.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import type { Db } from '../storage/tables.ts';
import { contactCard, outsideCard } from './contact-cards.ts';
import { condenseDirectoryChanges, listListedAccounts, readDirectoryRevision } from './directory-store.ts';
import { KeptCards } from './kept-cards.ts';
import { listOutsideContacts } from './outside-contact-store.ts';
import { writeVcard } from './vcard.ts';

/** The cards of all accounts of a space, ready to send, and the position of each card. */
export interface SharedDirectory {
  readonly cards: Buffer;
  /** Start and end of a card in `cards`, by account id. */
  readonly places: ReadonlyMap<number, readonly [start: number, end: number]>;
}

const pageSize = 1_000;
/** For each of the two caches. A directory of 10,000 accounts has about 2 MiB. */
const maxKeptBytes = 64 * 1024 * 1024;

/**
 * Caches the directory of each space as one buffer, and its outside contacts as another, which all phones of the space
 * share until the directory changes.
 */
export class SharedDirectories {
  readonly #db: Db;
  readonly #directories: KeptCards<SharedDirectory>;
  readonly #outside: KeptCards<Pick<SharedDirectory, 'cards'>>;

  constructor(db: Db) {
    this.#db = db;
    this.#directories = new KeptCards((space) => readDirectory(db, space), maxKeptBytes);
    this.#outside = new KeptCards(async (space) => ({ cards: await readOutsideCards(db, space) }), maxKeptBytes);
  }

  /** Returns the current directory of a space, with its outside contacts. */
  async of(space: Space): Promise<SharedDirectory> {
    return this.#directories.of(space, await this.#revisionOf(space));
  }

  /** Returns the cards of the space's outside contacts, which all its phones have. */
  async outsideCardsOf(space: Space): Promise<Buffer> {
    const { cards } = await this.#outside.of(space, await this.#revisionOf(space));
    return cards;
  }

  async #revisionOf({ id, domain }: Space): Promise<string> {
    return `${domain} ${await readDirectoryRevision(this.#db, id)}`;
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
  parts.push(await readOutsideCards(db, space));
  return { cards: Buffer.concat(parts), places };
}

async function readOutsideCards(db: Db, space: Space): Promise<Buffer> {
  const parts: string[] = [];
  for (let after = 0; ; ) {
    const contacts = await listOutsideContacts(db, space.id, { limit: pageSize, after });
    for (const contact of contacts) parts.push(writeVcard(outsideCard(contact, space)) ?? '');
    const last = contacts.at(-1);
    if (last === undefined) return Buffer.from(parts.join(''));
    after = last.id;
    await nextTurn();
  }
}

/** Keeps the table of directory changes short. */
export function condenseDirectories({ database }: { readonly database: Database }): Promise<void> {
  return inTransaction(database, condenseDirectoryChanges);
}
