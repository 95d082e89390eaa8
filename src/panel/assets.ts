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

export const stylesheet = loadAsset('style.css', 'text/css; charset=utf-8');

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

function loadAsset(file: string, type: string): Asset {
  const bytes = readFileSync(new URL(`./assets/${file}`, import.meta.url));
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 12);
  return { name: file.replace(/(\.\w+)$/, `.${hash}$1`), type, bytes };
}
