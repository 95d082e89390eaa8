import type { AccountInSpace } from '../accounts/account.ts';
import type { DeviceAddress } from '../devices/device.ts';
import type { GivenCredentials } from '../devices/given-credentials.ts';
import type { Document, Section } from '../lpconfig/document.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import type { Space } from '../spaces/space.ts';
import { addAccount } from './account-layer.ts';
import { type BaseDocuments, withoutTransientConflict } from './base-documents.ts';
import type { DocumentHooks, ProvisioningRequest } from './document-hooks.ts';
import type { FetchedDocuments } from './fetched-documents.ts';
import { addTurn } from './turn-layer.ts';

/** The parts of the application that building a document needs. */
export interface DocumentContext {
  readonly baseDocuments: BaseDocuments;
  readonly fetched: FetchedDocuments;
  readonly hooks: DocumentHooks | undefined;
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  now(): number;
}

type Context = Omit<DocumentContext, 'fetched'>;

/** Returns the base document of a space: a cached text, unless a hook changes base documents. */
export function baseDocument(context: Context, space: Space, request: ProvisioningRequest): string | Promise<string> {
  const { hooks } = context;
  if (hooks === undefined || !hooks.changesBaseDocuments) return context.baseDocuments.textOf(space);
  const { method, query, headers, address } = request;
  const asIfWithoutToken = { method, query, headers, address, url: baseUrlOf(query) };
  return hooks
    .apply(context.baseDocuments.documentOf(space), { request: asIfWithoutToken, space, roles: [] })
    .then((document) => writeDocument(withoutTransientConflict(document)));
}

/**
 * Returns the document for `account` as given, which may differ from the stored account. Entries keep their origins.
 */
export async function accountDocumentEntries(
  context: Context,
  { account, space }: AccountInSpace,
  request: ProvisioningRequest,
  device?: DeviceAddress,
): Promise<Document> {
  const below = context.baseDocuments.layersOf(space, account);
  const { document: own, roles } = addAccount(
    below,
    { account, space },
    context.baseDocuments.publicUrlOf(space),
    device,
  );
  const document = space.turnInDocument ? addTurn(own, account, space, context.now()) : own;
  const changed =
    context.hooks === undefined ? document : await context.hooks.apply(document, { request, space, account, roles });
  return withoutTransientConflict(changed);
}

function baseUrlOf(query: URLSearchParams): string {
  return query.size === 0 ? '/provisioning' : `/provisioning?${query}`;
}

/**
 * Returns what identifies the credentials of this document, so that a later document can replace them with worthless
 * ones.
 */
export function credentialsIn(document: Document): GivenCredentials[] {
  return [...document]
    .filter(([name, section]) => isCredentials(name) && section.size > 0)
    .map(([, section]) => ({
      of: kindOf(section),
      username: section.get('username')?.value ?? '',
      realm: section.get('realm')?.value ?? '',
      domain: section.get('domain')?.value ?? '',
      algorithm: section.get('algorithm')?.value ?? '',
    }));
}

export function isCredentials(section: string): boolean {
  return /^auth_info_\d+$/.test(section);
}

const kindOfLayer: Readonly<Record<string, GivenCredentials['of']>> = {
  account: 'account',
  external: 'external',
  server: 'turn',
};

/** Returns whose credentials a section has. It checks all entries, because hooks may have replaced some of them. */
function kindOf(section: Section): GivenCredentials['of'] {
  for (const { origin } of section.values()) {
    const kind = kindOfLayer[origin?.layer ?? ''];
    if (kind !== undefined) return kind;
  }
  return 'other';
}
