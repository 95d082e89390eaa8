import assert from 'node:assert/strict';

export interface ParsedCard {
  readonly uid: string;
  readonly fullName: string;
  /** Empty if the card has only a phone number. */
  readonly impp: string;
  readonly organization?: string;
  readonly phone?: string;
  /** `[name, value]` of the properties that begin with `X-`. */
  readonly extensions: readonly (readonly [string, string])[];
}

/** Belcard does not support `\;`, and accepts neither an unescaped comma nor an unescaped backslash. */
const text = /^(?:[^\\,]|\\[\\,n])*$/;
const extensionText = /^(?:[^\\]|\\[\\,n])+$/;
/** Belcard accepts square brackets in a URI, but not in a path or a query. Paths and queries are refused here. */
const uri = /^[a-z][a-z0-9+.-]*:(?:[\w\-.~!$&'()*+,;=:@[\]]|%[0-9A-Fa-f]{2})+$/i;

/**
 * Parses vCards as strictly as Linphone's parser, and in some points more strictly (UTF-8, line lengths, exactly the
 * properties that we write). Throws at any mistake.
 */
export function parseVcards(bytes: Uint8Array): ParsedCard[] {
  const content = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  assert.doesNotMatch(content.replaceAll('\r\n', ''), /[\u0000-\u001f\u007f]/);
  for (const line of content.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
  const lines = content.replaceAll('\r\n ', '').split('\r\n');
  assert.equal(lines.pop(), '');
  const cards: ParsedCard[] = [];
  while (lines.length > 0) cards.push(parseCard(lines.splice(0, lines.indexOf('END:VCARD') + 1)));
  return cards;
}

function parseCard(lines: readonly string[]): ParsedCard {
  const [begin, version, uid = '', fullName = '', ...rest] = lines;
  assert.deepEqual([begin, version, rest.pop()], ['BEGIN:VCARD', 'VERSION:4.0', 'END:VCARD']);
  const organization = nextIn(rest, 'ORG', text)?.replace(/\\(.)/g, '$1');
  const impp = nextIn(rest, 'IMPP', uri) ?? '';
  const phone = nextIn(rest, 'TEL', /^\+?[0-9]+$/);
  assert.ok(impp !== '' || phone !== undefined, 'nobody can be reached by this card');
  return {
    uid: valueIn(uid, 'UID', /^[^\\,]+$/),
    fullName: valueIn(fullName, 'FN', text).replace(/\\(.)/g, '$1'),
    ...(organization === undefined ? {} : { organization }),
    impp,
    ...(phone === undefined ? {} : { phone }),
    extensions: rest.map((line) => {
      const name = /^X-[A-Z-]+(?=:)/.exec(line)?.[0] ?? assert.fail(line);
      return [name, valueIn(line, name, extensionText)];
    }),
  };
}

/** Removes and returns the next line if it is this property. */
function nextIn(lines: string[], name: string, form: RegExp): string | undefined {
  return lines[0]?.startsWith(`${name}:`) ? valueIn(lines.shift() ?? '', name, form) : undefined;
}

function valueIn(line: string, name: string, form: RegExp): string {
  assert.ok(line.startsWith(`${name}:`), line);
  const value = line.slice(name.length + 1);
  assert.match(value, form);
  return value;
}
