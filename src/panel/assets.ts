import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../errors.ts';
import { openEndpoint } from '../http/route.ts';
import { send } from '../http/sent.ts';

export interface Asset {
  /** Contains a hash of the bytes, so that the content under this name never changes. */
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** In order: later style sheets override earlier ones. */
const styles = [
  'elements',
  'blocks',
  'invitation',
  'landing',
  'forms',
  'manuals',
  'shell',
  'navigation',
  'controls',
  'notices',
  'tables',
  'page-parts',
  'code',
  'import',
  'sheet',
  'list',
  'account',
  'mail',
  'overview',
  'wizard',
  'space',
  'print',
];
/** A single asset, so that a page needs one request. */
export const stylesheet = assetOf(
  'style.css',
  'text/css; charset=utf-8',
  styles.map((name) => readAsset(`style/${name}.css`)).join('\n'),
);

export const copyScript = assetOf('copy.js', 'text/javascript; charset=utf-8', readAsset('script/copy.js'));

/** For pages of people who are signed in: warns before the session ends. */
export const sessionScript = assetOf('session.js', 'text/javascript; charset=utf-8', readAsset('script/session.js'));

/** For pages with forms: sends a form only once, even after a double click. */
export const sendOnceScript = assetOf(
  'send-once.js',
  'text/javascript; charset=utf-8',
  readAsset('script/send-once.js'),
);

export const printScript = assetOf('print.js', 'text/javascript; charset=utf-8', readAsset('script/print.js'));

export const pasteScript = assetOf('paste.js', 'text/javascript; charset=utf-8', readAsset('script/paste.js'));

/** For pages with a form whose answer takes a while. */
export const workingScript = assetOf('working.js', 'text/javascript; charset=utf-8', readAsset('script/working.js'));

export const timesScript = assetOf('times.js', 'text/javascript; charset=utf-8', readAsset('script/times.js'));

/** For the page of a code: shows the current state of the code. */
export const followScript = assetOf('follow.js', 'text/javascript; charset=utf-8', readAsset('script/follow.js'));

/** For pages that change while they are open: htmx with its extension for server-sent events, as one asset. */
export const liveScript = assetOf(
  'live.js',
  'text/javascript; charset=utf-8',
  [
    readPackage('htmx.org/dist/htmx.min.js'),
    readPackage('htmx.org/dist/ext/hx-sse.min.js'),
    readAsset('script/live.js'),
  ]
    // Removed, because the source map is not served.
    .map((text) => text.replace(/^\/\/# sourceMappingURL=.*/m, ''))
    .join(';\n'),
);

export const assets: ReadonlyMap<string, Asset> = new Map(
  [
    stylesheet,
    copyScript,
    sessionScript,
    sendOnceScript,
    followScript,
    liveScript,
    pasteScript,
    printScript,
    workingScript,
    timesScript,
  ].map((asset) => [asset.name, asset]),
);

/** Returns the path of an asset, including the path prefix of the public URL. */
export function assetPath(prefix: string, { name }: Asset): string {
  return `${prefix}/assets/${name}`;
}

export const showAsset = openEndpoint({
  params: ['name'],
  summary: 'Get a file that pages use, by its hash',
  needsNoDatabase: true,
  produces: ['text/css', 'text/javascript'],
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

function readAsset(path: string): string {
  return readFileSync(new URL(`./assets/${path}`, import.meta.url), 'utf8');
}

function readPackage(path: string): string {
  return readFileSync(fileURLToPath(import.meta.resolve(path)), 'utf8');
}

function assetOf(file: string, type: string, text: string): Asset {
  const bytes = Buffer.from(text);
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 12);
  return { name: file.replace(/(\.\w+)$/, `.${hash}$1`), type, bytes };
}
