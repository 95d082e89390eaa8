import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Caller } from '../access/caller.ts';
import type { App } from '../app.ts';

const ivBytes = 12;
const tagBytes = 16;

/** Who can open a sealed text, and where: only the same person, in the same session, in the place of this name. */
export interface Sealing {
  readonly caller: Caller;
  readonly place: string;
}

/**
 * Seals a text that the browser carries from one page to the next, so that any node can open it, for `lifetimeMs`.
 * Nobody can read it or make one.
 */
export function seal(app: App, text: string, { lifetimeMs, ...of }: Sealing & { readonly lifetimeMs: number }): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(app), iv).setAAD(boundTo(of));
  const content = JSON.stringify({ text, until: app.now() + lifetimeMs });
  const sealed = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Returns undefined if the time is over, and for everything that this instance did not seal like this. */
export function openSealed(app: App, sealed: string, of: Sealing): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < ivBytes + tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', keyOf(app), bytes.subarray(0, ivBytes)).setAAD(boundTo(of));
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  try {
    const opened = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
    const { text, until } = JSON.parse(opened.toString('utf8')) as { readonly text: string; readonly until: number };
    return app.now() < until ? text : undefined;
  } catch {
    return undefined;
  }
}

function boundTo({ caller: { account, session }, place }: Sealing): Buffer {
  return Buffer.from(`${account.id} ${session?.id ?? ''} ${place}`);
}

function keyOf({ secret }: App): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'ringup sealed', 32));
}
