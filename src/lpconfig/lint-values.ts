import { visibleText } from '../errors/quote-text.ts';
import { findKey, type KeyFacts } from './key-catalogue.ts';
import type { LintSubject, Remark } from './lint-check.ts';

type Verdict = Pick<Remark, 'rule' | 'message' | 'effect' | 'remedy'>;

/** Finds values that a phone misreads or cannot read. Empty values delete, and are always correct. */
export function* checkValues({ document, catalogue }: LintSubject): Generator<Remark> {
  for (const [section, entries] of document) {
    for (const [key, { value }] of entries) {
      if (value === '') continue;
      const facts = findKey(catalogue, section, key);
      const verdict = facts === undefined ? undefined : judge(facts, value);
      if (verdict !== undefined) yield { section, key, ...verdict, message: `${key} ${verdict.message}` };
    }
  }
}

function judge(facts: KeyFacts, value: string): Verdict | undefined {
  switch (facts.type) {
    case 'bool':
      return judgeNumber({ ...facts, min: 0, max: 1 }, value, 'must be 0 or 1');
    case 'int':
      return judgeNumber(facts, value, 'must be a whole number');
    case 'float':
      return judgeNumber(facts, value, 'must be a number, with a decimal point for fractions');
    case 'range':
      return judgeRange(facts, value);
    case 'enum':
      return judgeWords(facts, value, [value]);
    case 'list':
      return judgeWords(facts, value, value.split(','));
    case 'url':
      return judgeUrl(value);
    default:
      return undefined;
  }
}

const whole = /^[-+]?(?:0x[0-9a-f]+|\d+)$/i;
const fraction = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

function judgeNumber(facts: KeyFacts, value: string, must: string): Verdict | undefined {
  if ((facts.type === 'float' ? fraction : whole).test(value)) return judgeSize(facts, [Number(value)], value);
  if (/^[-+]?\d+(?:\.\d*)?(?:\s|[a-z%;#])/i.test(value)) {
    return { rule: 'trailing-text', message: `${must}, with nothing after it: ${visibleText(value)}` };
  }
  const word = facts.type === 'bool' ? /^"?(?:1|true|yes|on)"?$/i.test(value) : false;
  return {
    rule: 'wrong-type',
    message: `${must}, not ${visibleText(value)}`,
    ...(word ? { effect: 'The phone reads it as 0, which means off.', remedy: `Write ${facts.key}=1.` } : {}),
  };
}

function judgeRange(facts: KeyFacts, value: string): Verdict | undefined {
  const [, from, to = from] = /^(-?\d+)(?:-(\d+))?$/.exec(value) ?? [];
  if (from === undefined) {
    return { rule: 'wrong-type', message: `must be a number or a range from-to, not ${visibleText(value)}` };
  }
  if (Number(from) > Number(to)) {
    return { rule: 'value-out-of-range', message: `ends before it begins: ${visibleText(value)}` };
  }
  return judgeSize(facts, [Number(from), Number(to)], value);
}

function judgeSize(
  { min = -Infinity, max = Infinity }: KeyFacts,
  numbers: readonly number[],
  value: string,
): Verdict | undefined {
  if (numbers.every((each) => each >= min && each <= max)) return undefined;
  const bounds = max === Infinity ? `at least ${min}` : min === -Infinity ? `at most ${max}` : `from ${min} to ${max}`;
  return {
    rule: 'value-out-of-range',
    message: `should be ${bounds}, not ${visibleText(value)}`,
    remedy: `Choose a value ${bounds}.`,
  };
}

function judgeWords({ key, values }: KeyFacts, value: string, words: readonly string[]): Verdict | undefined {
  if (values === undefined || words.every((each) => values.includes(each.trim()))) return undefined;
  const choice = values.join(', ');
  return {
    rule: 'value-not-allowed',
    message: `allows only ${choice}, not ${visibleText(value)}`,
    remedy: `Choose one of ${choice}.`,
    ...(key === 'media_encryption' ? { effect: 'Calls go out without encryption (seen on 5.1).' } : {}),
  };
}

function judgeUrl(value: string): Verdict | undefined {
  if (/^http:\/\//i.test(value) && !/^http:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?:[:/]|$)/i.test(value)) {
    return { rule: 'plain-http', message: `is fetched without encryption: ${visibleText(value)}` };
  }
  if (URL.canParse(value)) return undefined;
  return {
    rule: 'wrong-type',
    message: `must be an address with a scheme, not ${visibleText(value)}`,
    effect: 'The phone cannot fetch it.',
    remedy: 'Write it as https://….',
  };
}
