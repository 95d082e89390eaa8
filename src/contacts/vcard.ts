import { parseSipUri } from '../sip/sip-uri.ts';

export interface ContactCard {
  /** Must not change, because Linphone would otherwise treat the contact as a new one at each start. */
  readonly uid: string;
  readonly displayName: string | null;
  /** null for a contact that has a phone number only. */
  readonly sipUri: string | null;
  /** A phone number in E.164. */
  readonly phone: string | null;
  readonly organization: string | null;
  readonly dtmfProtocol: string | null;
  readonly types: readonly string[];
  /** What the contact's device does when it receives a DTMF code, such as `{ key: 'open', code: '*1#' }` for a door. */
  readonly actions: readonly { readonly key: string; readonly code: string }[];
}

/** Counted in octets of UTF-8, without the line break (RFC 6350, 3.2). */
const maxLineLength = 75;
const uidText = /^[\w.:@%+/[\]-]+$/;
const phoneNumber = /^\+?[0-9]{1,30}$/;

/**
 * Returns a contact as vCard 4.0, or undefined if Linphone's parser (belcard) would reject it: it drops such a card
 * *and all cards after it*. Unlike RFC 6350, belcard accepts a raw `;` but not `\;` in texts, and no control
 * characters.
 */
export function writeVcard(card: ContactCard): string | undefined {
  const { sipUri, organization } = card;
  const phone = card.phone !== null && phoneNumber.test(card.phone) ? card.phone : null;
  const shownAddress = sipUri === null ? phone : addressIn(sipUri);
  if (shownAddress === undefined || shownAddress === null || !uidText.test(card.uid)) return undefined;
  const name = isBlank(card.displayName ?? '') ? shownAddress : (card.displayName ?? '');
  const extensions = [
    ...(card.dtmfProtocol === null ? [] : [extension('DTMF-PROTOCOL', [card.dtmfProtocol])]),
    ...card.types.map((type) => extension('TYPE', [type])),
    ...card.actions.map(({ key, code }) => extension('ACTION', [key, code])),
  ];
  if (!isPrintable(name) || !isPrintable(organization ?? '') || extensions.includes(undefined)) return undefined;
  return [
    'BEGIN:VCARD',
    'VERSION:4.0',
    `UID:${card.uid}`,
    `FN:${escapeText(name)}`,
    ...(organization === null || isBlank(organization) ? [] : [`ORG:${escapeText(organization)}`]),
    ...(sipUri === null ? [] : [`IMPP:${escapePath(sipUri)}`]),
    ...(phone === null ? [] : [`TEL:${phone}`]),
    ...extensions,
    'END:VCARD',
  ]
    .map((line) => `${fold(line ?? '')}\r\n`)
    .join('');
}

/** Joins the cards. Leaves out those that Linphone's parser would reject. */
export function writeVcards(cards: readonly ContactCard[]): string {
  return cards.map((card) => writeVcard(card) ?? '').join('');
}

/** Returns the user and the host of a SIP URI, or undefined if it has no user. */
function addressIn(sipUri: string): string | undefined {
  const address = parseSipUri(sipUri);
  return address === undefined || address.user === null ? undefined : `${address.user}@${address.host}`;
}

function escapeText(text: string): string {
  return text.replace(/[\\,]/g, '\\$&');
}

/**
 * Escapes `/` and `?`. In belcard, they begin a path or a query, in which it rejects some characters that SIP allows.
 */
function escapePath(uri: string): string {
  return uri.replace(/[/?]/g, encodeURIComponent);
}

/**
 * Returns undefined unless all values can be written as they are: Linphone reads them unescaped and splits them at `;`.
 */
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

/** Folds a line of more than 75 octets between characters. The space at the start of each new line counts. */
function fold(line: string): string {
  if (Buffer.byteLength(line) <= maxLineLength) return line;
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const length = Buffer.byteLength(character);
    if (octets + length > maxLineLength) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += length;
  }
  return folded;
}
