import { createHmac } from 'node:crypto';
import type { Document } from '../lpconfig/document.ts';
import type { Database } from '../storage/database.ts';
import { fetchedDocumentStep, findFetchedDocument } from './fetched-document-store.ts';
import { maskDocument } from './mask-document.ts';

interface Noted {
  readonly fetchedAt: number;
  readonly document: Document;
}

export interface FetchedDocument {
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
  /** Secrets are stood for by marks that differ as they do. */
  readonly document: Document;
}

const flushEveryMs = 500;
/** Accounts noted between two flushes; what is over that is not noted: answering goes first. */
const mostWaiting = 250;
/** Few, so that requests get their turn between them. */
const rowsAtOnce = 8;

/** The last document that each account's phone was handed, written down in batches off the hot path. */
export class FetchedDocuments {
  readonly #database: Database;
  readonly #secret: string;
  readonly #onError: (error: unknown) => void;
  #waiting = new Map<number, Noted>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(database: Database, secret: string, onError: (error: unknown) => void) {
    this.#database = database;
    this.#secret = secret;
    this.#onError = onError;
  }

  note(accountId: number, document: Document, fetchedAt: number): void {
    if (this.#waiting.size >= mostWaiting && !this.#waiting.has(accountId)) return;
    this.#waiting.set(accountId, { fetchedAt, document });
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, flushEveryMs).unref();
  }

  async find(accountId: number): Promise<FetchedDocument | undefined> {
    await this.flush();
    const row = await findFetchedDocument(this.#database, accountId);
    return row === undefined ? undefined : { fetchedAt: row.fetched_at, document: documentOfEntries(row.entries) };
  }

  /** The same marks for secrets as in what `find` answers, so that the two can be compared. */
  marked(document: Document): Document {
    return maskDocument(document, (value) => this.#mark(value));
  }

  flush(): Promise<void> {
    const noted = [...this.#waiting];
    this.#waiting = new Map();
    this.#writing = this.#writing.then(() => this.#save(noted));
    return this.#writing;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.flush();
  }

  async #save(noted: readonly [number, Noted][]): Promise<void> {
    try {
      for (let start = 0; start < noted.length; start += rowsAtOnce) {
        const rows = noted
          .slice(start, start + rowsAtOnce)
          .map(([accountId, { fetchedAt, document }]) =>
            this.#database.applyAll([
              fetchedDocumentStep({ accountId, fetchedAt, entries: entriesOf(this.marked(document)) }),
            ]),
          );
        await Promise.all(rows);
      }
    } catch (error) {
      this.#onError(error);
    }
  }

  #mark(value: string): string {
    return `#${createHmac('sha256', this.#secret).update(`fetched ${value}`).digest('hex').slice(0, 16)}`;
  }
}

type StoredEntry = readonly [section: string, entry: string, value: string, overwrite: 0 | 1];

function entriesOf(document: Document): string {
  const entries: StoredEntry[] = [];
  for (const [section, content] of document) {
    for (const [name, { value, overwrite }] of content) entries.push([section, name, value, overwrite ? 1 : 0]);
  }
  return JSON.stringify(entries);
}

function documentOfEntries(text: string): Document {
  const document = new Map<string, Map<string, { value: string; overwrite: boolean }>>();
  for (const [section, name, value, overwrite] of JSON.parse(text) as StoredEntry[]) {
    const content = document.get(section) ?? new Map();
    document.set(section, content.set(name, { value, overwrite: overwrite === 1 }));
  }
  return document;
}
