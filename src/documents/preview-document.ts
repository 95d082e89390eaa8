import type { Account, AccountInSpace } from '../accounts/account.ts';
import { generatePassword, renewedHa1s } from '../accounts/passwords.ts';
import { compareDocuments, type EntryChange } from '../lpconfig/compare-documents.ts';
import type { Document } from '../lpconfig/document.ts';
import { isSecretKey, type KeyCatalogue, loadKeyCatalogue } from '../lpconfig/key-catalogue.ts';
import { lintDocument } from '../lpconfig/lint-document.ts';
import type { Finding } from '../lpconfig/lint-rules.ts';
import type { Space } from '../spaces/space.ts';
import { accountDocumentEntries, type DocumentContext } from './build-document.ts';
import { maskDocument } from './mask-document.ts';

export interface PreviewOptions {
  /** Whether to preview the answer to the next token instead of `/provisioning/me`. Hooks see a different path. */
  readonly token: boolean;
  /** The query string that the phone would send, without the question mark. */
  readonly query: string;
}

/**
 * The document that a phone of the account would get now, with secrets masked, and the differences from the last one.
 */
export interface Preview {
  readonly document: Document;
  /** When a phone of this account last fetched a document, in epoch milliseconds; null if never or unknown. */
  readonly lastFetchedAt: number | null;
  /** The differences from that document to this one; empty if that document is unknown. */
  readonly changes: readonly EntryChange[];
  /** The linter's findings on the unmasked document. */
  readonly warnings: readonly Finding[];
}

const mask = '********';

/** Builds the document, including hooks, without using up a token or changing anything. */
export async function previewDocument(
  context: DocumentContext,
  space: Space,
  account: Account,
  options: PreviewOptions,
): Promise<Preview> {
  const document = await documentWithSecrets(context, { account, space }, options);
  const fetched = await context.fetched.find(account.id);
  const marked = await context.fetched.marked(document);
  const catalogue = await loadKeyCatalogue();
  const changes = fetched === undefined ? [] : compareDocuments(fetched.document, marked);
  return {
    document: maskDocument(document, catalogue, () => mask),
    lastFetchedAt: fetched?.fetchedAt ?? null,
    changes: maskedChanges(changes, catalogue),
    warnings: lintDocument(document, { catalogue, audience: 'account' }),
  };
}

/**
 * Returns how a change of an account or its space changes the documents of the account's phones, with secrets masked.
 */
export async function previewChange(
  context: DocumentContext,
  before: AccountInSpace,
  after: AccountInSpace,
): Promise<EntryChange[]> {
  const options = { token: false, query: '' };
  const old = await documentWithSecrets(context, before, options);
  const fresh = await documentWithSecrets(context, after, options);
  return maskedChanges(compareDocuments(old, fresh), await loadKeyCatalogue());
}

function documentWithSecrets(
  context: DocumentContext,
  { account, space }: AccountInSpace,
  { token, query }: PreviewOptions,
): Promise<Document> {
  const activated = {
    ...account,
    activatedAt: account.activatedAt ?? context.now(),
    // An account without a password gets one when its code is redeemed.
    ha1s: token && account.ha1s.length === 0 ? renewedHa1s(account, space, generatePassword(space)) : account.ha1s,
  };
  const path = token ? '/provisioning/preview' : '/provisioning/me';
  return accountDocumentEntries(
    context,
    { account: activated, space },
    {
      method: 'GET',
      url: query === '' ? path : `${path}?${query}`,
      query: new URLSearchParams(query),
      headers: { 'user-agent': 'ringup preview' },
      address: '127.0.0.1',
    },
  );
}

function maskedChanges(changes: readonly EntryChange[], catalogue: KeyCatalogue): EntryChange[] {
  return changes.map((change) => (isSecretKey(catalogue, change.section, change.entry) ? masked(change) : change));
}

function masked(change: EntryChange): EntryChange {
  const { before, after } = change;
  const hidden = (value: string) => (value === '' ? '' : mask);
  return {
    ...change,
    ...(before === undefined ? {} : { before: { ...before, value: hidden(before.value) } }),
    ...(after === undefined ? {} : { after: { ...after, value: hidden(after.value) } }),
  };
}
