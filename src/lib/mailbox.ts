import { lowerCaseAscii } from './fold-text.ts';

/** A mail address with the name of its owner. */
export interface Mailbox {
  readonly name: string | null;
  readonly address: string;
}

const local = String.raw`[^\s\p{C}@,;:<>()[\]\\"]{1,64}`;
const domain = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?`;
const addressPattern = new RegExp(`^(?!\\.)(?!.*\\.\\.)${local}(?<!\\.)@${domain}$`, 'u');
const namedPattern = /^(?:"(?<quoted>[^"\\<>]*)"\s*|(?<plain>[^"\\<>,;:@()[\]]*))<(?<address>[^<>]+)>$/u;

/** Returns whether the text is the address of a single mailbox, without lists, groups, comments and quoted parts. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && addressPattern.test(text);
}

/** Returns whether two addresses are equal, ignoring case. */
export function isSameAddress(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other;
  return lowerCaseAscii(one) === lowerCaseAscii(other);
}

/** Parses `alice@example.com` or `Alice <alice@example.com>`. Returns undefined for everything else. */
export function parseMailbox(text: string): Mailbox | undefined {
  if (isMailAddress(text)) return { name: null, address: text };
  const { quoted, plain, address = '' } = namedPattern.exec(text)?.groups ?? {};
  const name = (quoted ?? plain ?? '').trim();
  return isMailAddress(address) && !/\p{C}/u.test(name) ? { name: name === '' ? null : name, address } : undefined;
}
