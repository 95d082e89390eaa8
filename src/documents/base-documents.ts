import type { Account } from '../accounts/account.ts';
import { type Document, documentOf, findValue, mergeDocuments } from '../lpconfig/document.ts';
import { readLinphonerc } from '../lpconfig/read-linphonerc.ts';
import { applyOverwrite } from '../lpconfig/seeding.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import { publicUrlOf, type Space } from '../spaces/space.ts';
import { accountTextName } from './lint-account.ts';
import { spaceTextName } from './lint-space.ts';

interface Prepared {
  readonly instanceUrl: string;
  readonly publicUrl: string;
  readonly instance: Document;
  /** The linphonerc texts of the instance and the space, which are layers 1 and 2. */
  readonly texts: Document;
  readonly layers: Document;
  readonly base: Document;
  readonly text: string;
}

/**
 * Caches the layers below the account and the base document of each space, until the space, the linphonerc file or the
 * instance's address changes.
 */
export class BaseDocuments {
  readonly #instance: () => Document;
  readonly #instanceUrl: () => string;
  readonly #prepared = new WeakMap<Space, Prepared>();

  constructor(instance: () => Document, instanceUrl: () => string) {
    this.#instance = instance;
    this.#instanceUrl = instanceUrl;
  }

  /**
   * Returns layers 1 to 4: the linphonerc texts of the instance, the space and the account, and what the server adds to
   * every document.
   */
  layersOf(space: Space, account: Pick<Account, 'username' | 'linphonerc'>): Document {
    const { layers, texts, publicUrl } = this.#of(space);
    if (account.linphonerc === '') return layers;
    const file = accountTextName(account, space);
    const own = readLinphonerc(account.linphonerc, { layer: 'account-text', file }).document;
    return withServerEntries(mergeDocuments(texts, applyOverwrite(own, space)), publicUrl);
  }

  /** Returns the public URL that is in the space's documents. */
  publicUrlOf(space: Space): string {
    return this.#of(space).publicUrl;
  }

  /** Returns the base document before any hook runs. */
  documentOf(space: Space): Document {
    return this.#of(space).base;
  }

  /** Returns the text of the base document, for use when no hook changes it. */
  textOf(space: Space): string {
    return this.#of(space).text;
  }

  #of(space: Space): Prepared {
    const instance = this.#instance();
    const instanceUrl = this.#instanceUrl();
    const known = this.#prepared.get(space);
    if (known !== undefined && known.instance === instance && known.instanceUrl === instanceUrl) return known;
    const publicUrl = publicUrlOf(space, instanceUrl);
    const texts = spaceTexts(space, instance);
    const layers = withServerEntries(texts, publicUrl);
    const base = withoutTransientConflict(mergeDocuments(layers, baseRefetch(space)));
    // Copied into one flat string. V8 would otherwise join a concatenated string again for each answer.
    const text = Buffer.from(writeDocument(base)).toString();
    const prepared = { instanceUrl, publicUrl, instance, texts, layers, base, text };
    this.#prepared.set(space, prepared);
    return prepared;
  }
}

function spaceTexts(space: Space, instance: Document): Document {
  const own = readLinphonerc(space.linphonerc, { layer: 'space', file: spaceTextName(space) }).document;
  return applyOverwrite(mergeDocuments(instance, own), space);
}

function withServerEntries(texts: Document, publicUrl: string): Document {
  if (findValue(texts, 'misc', 'contacts-vcard-list') !== undefined) return texts;
  const added = documentOf({ misc: { 'contacts-vcard-list': `${publicUrl}/contacts/vcard` } }, { layer: 'server' });
  return mergeDocuments(texts, added);
}

/**
 * Returns the entries that make the phone forget its provisioning address, unless the space leaves the address to the
 * client.
 */
function baseRefetch(space: Space): Document {
  if (space.refetch === 'client') return new Map();
  return documentOf({ misc: { transient_provisioning: '1' } }, { layer: 'server' });
}

/**
 * Removes `transient_provisioning=1` from a document that also sets an address or header for fetching it again, because
 * Linphone would delete these.
 */
export function withoutTransientConflict(document: Document): Document {
  const misc = document.get('misc');
  if (misc === undefined || misc.get('transient_provisioning')?.value !== '1') return document;
  const renewed = [...misc].some(([name, { value }]) => /^config-uri(-header_\d+)?$/.test(name) && value !== '');
  if (!renewed) return document;
  return new Map(document).set('misc', new Map([...misc].filter(([name]) => name !== 'transient_provisioning')));
}
