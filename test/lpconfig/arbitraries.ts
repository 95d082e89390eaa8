import fc from 'fast-check';
import type { Document } from '../../src/lpconfig/document.ts';

/** Names that are allowed, among them those that a plain object would mishandle. */
export const anyName = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[A-Za-z0-9_.:-]{1,12}$/) },
  fc.constantFrom('0', '10', '2', '__proto__', 'constructor', 'proxy_0', 'auth_info_0', '-', ':'),
  fc.stringMatching(/^[A-Za-z0-9_.:-]{100}$/),
);

/** Names of keys that are allowed. */
export const anyKey = fc.oneof(anyName, fc.stringMatching(/^[a-z_]{1,6}\/[a-z/]{1,6}$/));

/** Text of every kind, allowed or not: markup, blanks, control characters, emoji, halves of surrogate pairs. */
export const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(fc.nat(0xffff), { maxLength: 8 }).map((codes) => String.fromCharCode(...codes)),
  fc
    .array(
      fc.constantFrom('&', '<', '>', '"', "'", '\\', ' ', ']]>', '&amp;', '<!--', '\n', '\r', '\t', '\u0085', 'é', '☎️'),
    )
    .map((pieces) => pieces.join('')),
);

/** Values that are allowed. */
export const anyValue = anyText.map((text) =>
  text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g, ''),
);

export function documentsWith(
  value: fc.Arbitrary<string>,
  name: fc.Arbitrary<string> = anyName,
  key: fc.Arbitrary<string> = name === anyName ? anyKey : name,
): fc.Arbitrary<Document> {
  const entry = fc.record({ value, overwrite: fc.boolean() }, { noNullPrototype: true });
  const section = fc.array(fc.tuple(key, entry), { maxLength: 6 }).map((pairs) => new Map(pairs));
  return fc.array(fc.tuple(name, section), { maxLength: 6 }).map((pairs) => new Map(pairs));
}
