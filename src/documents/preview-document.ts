import type { Account } from '../accounts/account.ts';
import { compareDocuments, type EntryChange } from '../lpconfig/compare-documents.ts';
import type { Document } from '../lpconfig/document.ts';
import { loadKeyCatalogue } from '../lpconfig/key-catalogue.ts';
import { lintDocument } from '../lpconfig/lint-document.ts';
import type { Finding } from '../lpconfig/lint-rules.ts';
import type { Space } from '../spaces/space.ts';
import { accountDocumentEntries } from './build-document.ts';
import type { DocumentContext } from './context.ts';
import { isSecretEntry, maskDocument } from './mask-document.ts';

export interface PreviewOptions {
  /** As the next token would be answered, rather than `/provisioning/me`: hooks see another path. */
  readonly token: boolean;
  /** What the phone is asked to send along, without the question mark. */
  readonly query: string;
}

/** The document a phone of the account would get now, and what that changes; every secret is masked. */
export interface Preview {
  readonly document: Document;
  /** When a phone of this account was last handed a document, in epoch milliseconds; null: never, or not known. */
  readonly lastFetchedAt: number | null;
  /** From that document to this one; empty where none is known. */
  readonly changes: readonly EntryChange[];
  /** What the linter has to say about the document, as it is without the mask. */
  readonly warnings: readonly Finding[];
}

const mask = '********';

/** Builds the document, hooks included. Uses nothing up and changes nothing. */
export async function previewDocument(
  context: DocumentContext,
  space: Space,
  account: Account,
  { token, query }: PreviewOptions,
): Promise<Preview> {
  const activated = { ...account, activatedAt: account.activatedAt ?? context.now() };
  const path = token ? '/provisioning/preview' : '/provisioning/me';
  const document = await accountDocumentEntries(context, space, activated, {
    method: 'GET',
    url: query === '' ? path : `${path}?${query}`,
    query: new URLSearchParams(query),
    headers: { 'user-agent': 'ringup preview' },
    address: '127.0.0.1',
  });
  const fetched = await context.fetched.find(account.id);
  return {
    document: maskDocument(document, () => mask),
    lastFetchedAt: fetched?.fetchedAt ?? null,
    changes:
      fetched === undefined ? [] : compareDocuments(fetched.document, context.fetched.marked(document)).map(masked),
    warnings: lintDocument(document, { catalogue: await loadKeyCatalogue(), audience: 'account' }),
  };
}

function masked(change: EntryChange): EntryChange {
  if (!isSecretEntry(change.entry)) return change;
  const { before, after } = change;
  const hidden = (value: string) => (value === '' ? '' : mask);
  return {
    ...change,
    ...(before === undefined ? {} : { before: { ...before, value: hidden(before.value) } }),
    ...(after === undefined ? {} : { after: { ...after, value: hidden(after.value) } }),
  };
}
