import { createHmac } from 'node:crypto';
import { BatchWriter } from '../lib/batch-writer.ts';
import type { Document } from '../lpconfig/document.ts';
import { loadKeyCatalogue } from '../lpconfig/key-catalogue.ts';
import type { Database } from '../storage/database.ts';
import { fetchedDocumentStep, findFetchedDocument } from './fetched-document-store.ts';
import { maskDocument } from './mask-document.ts';

interface Noted {
  readonly accountId: number;
  readonly fetchedAt: number;
  readonly document: Document;
}

export interface FetchedDocument {
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
  /** The document, with each secret replaced by a mark. Equal secrets have equal marks. */
  readonly document: Document;
}

/** Few, so that requests are served between two batches. */
const rowsAtOnce = 8;

/**
 * Keeps the last document that a phone of each account fetched, so that previews can compare with it. Documents are
 * large and not essential, so they are dropped if too many wait or they cannot be written.
 */
export class FetchedDocuments {
  readonly #database: Database;
  readonly #secret: string;
  readonly #noted: BatchWriter<Noted, number>;

  constructor(database: Database, secret: string, onError: (error: unknown, lost: number) => void) {
    this.#database = database;
    this.#secret = secret;
    this.#noted = new BatchWriter({
      key: ({ accountId }) => accountId,
      write: (noted) => this.#save(noted),
      onFailure: 'drop',
      everyMs: 500,
      maxBatch: rowsAtOnce,
      maxWaiting: 250,
      onError,
    });
  }

  note(accountId: number, document: Document, fetchedAt: number): void {
    this.#noted.add({ accountId, fetchedAt, document });
  }

  async find(accountId: number): Promise<FetchedDocument | undefined> {
    await this.flush();
    const row = await findFetchedDocument(this.#database, accountId);
    return row === undefined ? undefined : { fetchedAt: row.fetched_at, document: documentOfEntries(row.entries) };
  }

  /** Returns the document with the same marks for secrets as `find`, so that the two can be compared. */
  async marked(document: Document): Promise<Document> {
    return maskDocument(document, await loadKeyCatalogue(), (value) => this.#mark(value));
  }

  flush(): Promise<boolean> {
    return this.#noted.flush();
  }

  async close(patience: AbortSignal): Promise<void> {
    await this.#noted.close(patience);
  }

  async #save(noted: readonly Noted[]): Promise<void> {
    await Promise.all(
      noted.map(async ({ accountId, fetchedAt, document }) => {
        const entries = entriesOf(await this.marked(document));
        return this.#database.applyAll([fetchedDocumentStep({ accountId, fetchedAt, entries })]);
      }),
    );
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
