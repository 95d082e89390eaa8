import { visibleValue } from './address-passwords.ts';
import { findKey, isRead, type KeyFacts } from './key-catalogue.ts';
import type { LintSubject, Remark, Verdict } from './lint-check.ts';
import { judgeBool, judgeDecimal, judgeFloat, judgeInt, judgeRange } from './lint-numbers.ts';

/**
 * Finds values that phones misread or cannot read. Skips keys that no phone reads, which only the documentation
 * mentions.
 */
export function* checkValues({ document, catalogue }: LintSubject): Generator<Remark> {
  for (const [section, entries] of document) {
    for (const [key, { value }] of entries) {
      // An empty value deletes the key and is always correct.
      if (value === '') continue;
      const facts = findKey(catalogue, section, key);
      const verdict = facts !== undefined && isRead(facts) ? judge(facts, value) : undefined;
      if (verdict === undefined) continue;
      yield { section, key, ...verdict, message: `${key} ${verdict.message}`, value: visibleValue(value) };
    }
  }
}

function judge(facts: KeyFacts, value: string): Verdict | undefined {
  switch (facts.type) {
    case 'bool':
      return judgeBool(facts, value);
    case 'int':
      return judgeInt(facts, value);
    case 'decimal':
      return judgeDecimal(facts, value);
    case 'float':
      return judgeFloat(facts, value);
    case 'range':
      return judgeRange(facts, value);
    case 'enum':
      return judgeWords(facts, value, [value]);
    case 'list':
      // Linphone ignores an empty word between commas.
      return judgeWords(
        facts,
        value,
        value.split(',').filter((each) => each.trim() !== ''),
      );
    case 'url':
      return judgeUrl(value);
    default:
      return undefined;
  }
}

function judgeWords(facts: KeyFacts, value: string, words: readonly string[]): Verdict | undefined {
  const { key, values, anyCase = false } = facts;
  const meant = (word: string) => (anyCase ? word.trim().toLowerCase() : word.trim());
  if (values === undefined || words.every((each) => values.includes(meant(each)))) return undefined;
  const choice = values.join(', ');
  return {
    rule: 'value-not-allowed',
    message: `allows only ${choice}, not ${visibleValue(value)}`,
    meant: choice,
    remedy: `Choose one of ${choice}.`,
    ...(key === 'media_encryption' ? { effect: 'Calls go out without encryption (seen on 5.1).' } : {}),
  };
}

function judgeUrl(value: string): Verdict | undefined {
  if (/^http:\/\//i.test(value) && !/^http:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?:[:/]|$)/i.test(value)) {
    return { rule: 'plain-http', message: `is fetched without encryption: ${visibleValue(value)}` };
  }
  if (URL.canParse(value)) return undefined;
  return {
    rule: 'wrong-type',
    message: `must be an address with a scheme, not ${visibleValue(value)}`,
    effect: 'The phone cannot fetch it.',
    meant: 'https://…',
    remedy: 'Write it as https://….',
  };
}
