import { parseSipUri } from '../sip/sip-uri.ts';

export interface ContactCard {
  /** The same at every request, or Linphone takes the contact for a new one at each start. */
  readonly uid: string;
  readonly displayName: string | null;
  readonly sipUri: string;
  readonly dtmfProtocol: string | null;
  readonly types: readonly string[];
  /** What the contact's device does on a DTMF code: a door's `{ key: 'open', code: '*1#' }`. */
  readonly actions: readonly { readonly key: string; readonly code: string }[];
}

/** RFC 6350, 3.2: without the line break. */
const longestLine = 75;
const uidText = /^[\w.:@%+/[\]-]+$/;

/**
 * A contact as vCard 4.0, or undefined where Linphone's parser (belcard) would refuse it: it drops such a card *and all
 * after it*. What belcard takes differs from RFC 6350: a raw `;` but no `\;` in texts, and no control characters.
 */
export function writeVcard(card: ContactCard): string | undefined {
  const address = parseSipUri(card.sipUri);
  if (address === undefined || address.user === null || !uidText.test(card.uid)) return undefined;
  const name = isBlank(card.displayName ?? '') ? `${address.user}@${address.host}` : (card.displayName ?? '');
  const extensions = [
    ...(card.dtmfProtocol === null ? [] : [extension('DTMF-PROTOCOL', [card.dtmfProtocol])]),
    ...card.types.map((type) => extension('TYPE', [type])),
    ...card.actions.map(({ key, code }) => extension('ACTION', [key, code])),
  ];
  if (!isPrintable(name) || extensions.includes(undefined)) return undefined;
  return [
    'BEGIN:VCARD',
    'VERSION:4.0',
    `UID:${card.uid}`,
    `FN:${name.replace(/[\\,]/g, '\\$&')}`,
    `IMPP:${escapePath(card.sipUri)}`,
    ...extensions,
    'END:VCARD',
  ]
    .map((line) => `${fold(line ?? '')}\r\n`)
    .join('');
}

/** The cards one after another, without those that would not be valid. */
export function writeVcards(cards: readonly ContactCard[]): string {
  return cards.map((card) => writeVcard(card) ?? '').join('');
}

/** To belcard a raw `/` or `?` begins a path or a query, within which it refuses some of what SIP allows. */
function escapePath(uri: string): string {
  return uri.replace(/[/?]/g, encodeURIComponent);
}

/** Linphone reads these values raw and splits them at `;`, so that nothing in them can be escaped. */
function extension(name: string, values: readonly string[]): string | undefined {
  const writable = values.every((value) => isPrintable(value) && !isBlank(value) && !/[;\\]/.test(value));
  return writable ? `X-LINPHONE-ACCOUNT-${name}:${values.join(';')}` : undefined;
}

function isPrintable(text: string): boolean {
  return text.isWellFormed() && !/[\u0000-\u001f\u007f-\u009f]/.test(text);
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** Breaks a line that is longer than 75 octets of UTF-8, between characters; the blank of each new line counts. */
function fold(line: string): string {
  if (Buffer.byteLength(line) <= longestLine) return line;
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const length = Buffer.byteLength(character);
    if (octets + length > longestLine) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += length;
  }
  return folded;
}
