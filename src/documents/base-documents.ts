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

/** The layers below any account, and the base document, ready for each space until the space or the file changes. */
export class BaseDocuments {
  readonly #instance: () => Document;
  readonly #publicUrl: string;
  readonly #prepared = new WeakMap<Space, Prepared>();

  constructor(instance: () => Document, publicUrl: string) {
    this.#instance = instance;
    this.#publicUrl = publicUrl;
  }

  /** Layers 1 to 3: the instance's linphonerc, the space's, and what the server adds to every document. */
  layersOf(space: Space): Document {
    return this.#of(space).layers;
  }

  /** The public URL that the space's documents name. */
  publicUrlOf(space: Space): string {
    return this.#of(space).publicUrl;
  }

  /** The base document, before any hook. */
  documentOf(space: Space): Document {
    return this.#of(space).base;
  }

  /** The base document where no hook changes it. */
  textOf(space: Space): string {
    return this.#of(space).text;
  }

  #of(space: Space): Prepared {
    const instance = this.#instance();
    const known = this.#prepared.get(space);
    if (known !== undefined && known.instance === instance) return known;
    const publicUrl = publicUrlOf(space, this.#publicUrl);
    const layers = spaceLayers(space, instance, publicUrl);
    const base = withoutSelfDefeat(mergeDocuments(layers, baseRefetch(space)));
    // In one piece: what is put together of many would be put together at each answer.
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

/** In a base document the phone is told to forget where it came from, except where the space leaves that to the client. */
function baseRefetch(space: Space): Document {
  if (space.refetch === 'client') return new Map();
  return documentOf({ misc: { transient_provisioning: '1' } }, { layer: 'server' });
}

/**
 * Takes `transient_provisioning` = 1 out of a document that also names a new address or header to fetch it with:
 * Linphone would delete these again.
 */
export function withoutSelfDefeat(document: Document): Document {
  const misc = document.get('misc');
  if (misc === undefined || misc.get('transient_provisioning')?.value !== '1') return document;
  const renewed = [...misc].some(([name, { value }]) => /^config-uri(-header_\d+)?$/.test(name) && value !== '');
  if (!renewed) return document;
  return new Map(document).set('misc', new Map([...misc].filter(([name]) => name !== 'transient_provisioning')));
}
