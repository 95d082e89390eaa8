import { visibleValue } from './address-passwords.ts';
import type { KeyFacts } from './key-catalogue.ts';
import type { Verdict } from './lint-check.ts';
import { meantNumber, readDecimal, readInt } from './read-number.ts';

const whole = /^[-+]?(?:0x[0-9a-f]+|\d+)$/i;
const fraction = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;

/** A number with something after it, such as a unit or a comment. */
const followed = /^([-+]?(?:0x[0-9a-f]+|\d+))(?:\.\d*)?(?:\s|[a-z%;#])/i;

/** Checks a boolean. Every number except 0 means true, because old versions wrote 16. */
export function judgeBool(facts: KeyFacts, value: string): Verdict | undefined {
  const must = 'must be 0 or 1';
  const number = numberIn(value);
  if (number !== undefined && readInt(number) === 0 && meantNumber(number) !== 0n) {
    return misread(number, 0n, { effect: 'That means off.', ...writeOn(facts) });
  }
  if (whole.test(value)) return undefined;
  if (number !== undefined) return trailing(must, value);
  const on = /^"?(?:1|true|yes|on)"?$/i.test(value);
  const reading = { effect: 'The phone reads it as 0, which means off.', ...writeOn(facts) };
  return { ...wrongType(must, value), ...(on ? reading : {}) };
}

function writeOn({ key }: KeyFacts): Pick<Verdict, 'meant' | 'remedy'> {
  return { meant: `${key}=1`, remedy: `Write ${key}=1.` };
}

export function judgeInt(facts: KeyFacts, value: string): Verdict | undefined {
  return judgeWhole(facts, value, (number) => BigInt(readInt(number)));
}

export function judgeDecimal(facts: KeyFacts, value: string): Verdict | undefined {
  return judgeWhole(facts, value, readDecimal);
}

function judgeWhole(facts: KeyFacts, value: string, read: (number: string) => bigint): Verdict | undefined {
  const must = 'must be a whole number';
  const number = numberIn(value);
  if (number === undefined) return wrongType(must, value);
  const actual = read(number);
  if (actual !== meantNumber(number)) return misread(number, actual, remedyFor(facts, number, read));
  return number === value ? judgeSize(facts, [Number(actual)], value) : trailing(must, value);
}

/** Old versions wrote fractions with the decimal comma of the user's language. A fraction of only zeros is harmless. */
const zerosAfterComma = /,0+$/;

export function judgeFloat(facts: KeyFacts, written: string): Verdict | undefined {
  const must = 'must be a number, with a decimal point for fractions';
  const value = written.replace(zerosAfterComma, '');
  if (fraction.test(value)) return judgeSize(facts, [Number(value)], value);
  return followed.test(value) ? trailing(must, value) : wrongType(must, value);
}

/** Linphone itself writes this for a random port. */
const randomPort = '-1--1';

/** Checks a number or `from-to`, which liblinphone reads as decimal. */
export function judgeRange(facts: KeyFacts, value: string): Verdict | undefined {
  if (value === randomPort) return undefined;
  const [, from, to = from] = /^(-?\d+)(?:-(\d+))?$/.exec(value) ?? [];
  if (from === undefined) return wrongType('must be a number or a range from-to', value);
  if (Number(from) > Number(to)) {
    return { rule: 'value-out-of-range', message: `ends before it begins: ${visibleValue(value)}` };
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
    message: `should be ${bounds}, not ${visibleValue(value)}`,
    meant: max === Infinity ? `≥ ${min}` : min === -Infinity ? `≤ ${max}` : `${min} … ${max}`,
    remedy: `Choose a value ${bounds}.`,
  };
}

function numberIn(value: string): string | undefined {
  return whole.test(value) ? value : followed.exec(value)?.[1];
}

function misread(number: string, actual: bigint, more: Pick<Verdict, 'meant' | 'effect' | 'remedy'>): Verdict {
  return { rule: 'number-misread', message: `is read as ${actual}, not as ${visibleValue(number)}`, ...more };
}

/**
 * Returns what to write: decimal digits without leading zeros. If Linphone cannot read a number of this size, says to
 * choose a smaller one.
 */
function remedyFor(
  { key }: KeyFacts,
  number: string,
  read: (number: string) => bigint,
): Pick<Verdict, 'meant' | 'remedy'> {
  const plain = String(meantNumber(number));
  if (read(plain) !== BigInt(plain)) return { remedy: 'Choose a smaller number.' };
  return { meant: `${key}=${plain}`, remedy: `Write ${key}=${plain}.` };
}

function wrongType(must: string, value: string): Verdict {
  return { rule: 'wrong-type', message: `${must}, not ${visibleValue(value)}` };
}

/**
 * Distinguishes a comment, which is harmless, from other text, which may be a unit: Linphone reads `5 min` as 5,
 * whatever the unit of the key is.
 */
function trailing(must: string, value: string): Verdict {
  const rule = /^[-+.0-9a-fx]*\s*[#;]/i.test(value) ? 'trailing-comment' : 'trailing-text';
  return { rule, message: `${must}, with nothing after it: ${visibleValue(value)}` };
}
