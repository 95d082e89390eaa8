import { type Document, documentOf, findValue, mergeDocuments } from '../lpconfig/document.ts';
import { readLinphonerc } from '../lpconfig/read-linphonerc.ts';
import { applyOverwrite } from '../lpconfig/seeding.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import { publicUrlOf, type Space } from '../spaces/space.ts';
import { spaceTextName } from './lint-space.ts';

interface Prepared {
  readonly publicUrl: string;
  readonly instance: Document;
  readonly layers: Document;
  readonly base: Document;
  readonly text: string;
}

/**
 * Caches the layers below the account and the base document of each space, until the space or the linphonerc file
 * changes.
 */
export class BaseDocuments {
  readonly #instance: () => Document;
  readonly #publicUrl: string;
  readonly #prepared = new WeakMap<Space, Prepared>();

  constructor(instance: () => Document, publicUrl: string) {
    this.#instance = instance;
    this.#publicUrl = publicUrl;
  }

  /**
   * Returns layers 1 to 3: the instance's linphonerc, the space's linphonerc, and what the server adds to every
   * document.
   */
  layersOf(space: Space): Document {
    return this.#of(space).layers;
  }

  /** Returns the public URL that the space's documents name. */
  publicUrlOf(space: Space): string {
    return this.#of(space).publicUrl;
  }

  /** Returns the base document before any hook runs. */
  documentOf(space: Space): Document {
    return this.#of(space).base;
  }

  /** Returns the text of the base document, for when no hook changes it. */
  textOf(space: Space): string {
    return this.#of(space).text;
  }

  #of(space: Space): Prepared {
    const instance = this.#instance();
    const known = this.#prepared.get(space);
    if (known !== undefined && known.instance === instance) return known;
    const publicUrl = publicUrlOf(space, this.#publicUrl);
    const layers = spaceLayers(space, instance, publicUrl);
    const base = withoutTransientConflict(mergeDocuments(layers, baseRefetch(space)));
    // Copied into one flat string: a string made by concatenation would be joined again for each answer.
    const text = Buffer.from(writeDocument(base)).toString();
    const prepared = { publicUrl, instance, layers, base, text };
    this.#prepared.set(space, prepared);
    return prepared;
  }
}

function spaceLayers(space: Space, instance: Document, publicUrl: string): Document {
  const own = readLinphonerc(space.linphonerc, { layer: 'space', file: spaceTextName(space) }).document;
  const texts = applyOverwrite(mergeDocuments(instance, own), {
    overwriteAll: space.overwriteAll,
    seeded: space.seeded,
  });
  if (findValue(texts, 'misc', 'contacts-vcard-list') !== undefined) return texts;
  const added = documentOf({ misc: { 'contacts-vcard-list': `${publicUrl}/contacts/vcard` } }, { layer: 'server' });
  return mergeDocuments(texts, added);
}

/** A base document makes the phone forget its provisioning address, unless the space leaves that to the client. */
function baseRefetch(space: Space): Document {
  if (space.refetch === 'client') return new Map();
  return documentOf({ misc: { transient_provisioning: '1' } }, { layer: 'server' });
}

/**
 * Removes `transient_provisioning=1` from a document that also sets a new address or header to fetch it with, because
 * Linphone would delete these again.
 */
export function withoutTransientConflict(document: Document): Document {
  const misc = document.get('misc');
  if (misc === undefined || misc.get('transient_provisioning')?.value !== '1') return document;
  const renewed = [...misc].some(([name, { value }]) => /^config-uri(-header_\d+)?$/.test(name) && value !== '');
  if (!renewed) return document;
  return new Map(document).set('misc', new Map([...misc].filter(([name]) => name !== 'transient_provisioning')));
}
