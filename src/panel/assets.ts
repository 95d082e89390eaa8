import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '../errors.ts';
import { openEndpoint } from '../http/route.ts';
import { send } from '../http/sent.ts';

interface Asset {
  /** Contains a hash of the bytes, so that the asset with this name never changes. */
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** In this order: later ones override earlier ones. */
const styles = ['elements', 'blocks', 'invitation', 'forms', 'manuals', 'print'];
/** One asset, so that a page needs one request. */
export const stylesheet = assetOf('style.css', 'text/css; charset=utf-8', styles.map(readStyle).join('\n'));

const assets: ReadonlyMap<string, Asset> = new Map([stylesheet].map((asset) => [asset.name, asset]));

/** Returns the path of an asset, including the path prefix of the public URL. */
export function assetPath(prefix: string, { name }: Asset): string {
  return `${prefix}/assets/${name}`;
}

export const showAsset = openEndpoint({
  params: ['name'],
  summary: 'Get a file that pages use, by its hash',
  produces: ['text/css'],
  handle({ params, reply }) {
    const asset = assets.get(params.name);
    if (asset === undefined) throw new AppError('not-found', { what: 'page' });
    reply
      .header('content-type', asset.type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('x-content-type-options', 'nosniff');
    return send(reply, asset.bytes);
  },
});

function readStyle(name: string): string {
  return readFileSync(new URL(`./assets/style/${name}.css`, import.meta.url), 'utf8');
}

function assetOf(file: string, type: string, text: string): Asset {
  const bytes = Buffer.from(text);
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 12);
  return { name: file.replace(/(\.\w+)$/, `.${hash}$1`), type, bytes };
}
