import type { BaseDocuments } from './base-documents.ts';
import type { DocumentHooks } from './document-hooks.ts';
import type { FetchedDocuments } from './fetched-documents.ts';

/** What building a document needs from the application. */
export interface DocumentContext {
  readonly baseDocuments: BaseDocuments;
  readonly fetched: FetchedDocuments;
  readonly hooks: DocumentHooks | undefined;
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  now(): number;
}
