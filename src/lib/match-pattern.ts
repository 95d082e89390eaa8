import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Returns whether a part of the text matches a regular expression from a setting, in RE2 syntax: whatever the
 * expression is, the time grows no faster than the text. Returns undefined if it is not such an expression, for example
 * because it looks ahead.
 */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  return compile(pattern)?.test(text);
}

export function isPattern(text: string): boolean {
  return compile(text) !== undefined;
}

/** In instructions. The time also grows with the expression, and `(.?){1000}` makes a thousand of four characters. */
const maxProgramSize = 2_000;

function compile(pattern: string) {
  // Loaded at first use, as that takes longer than most commands.
  const { RE2JS, RE2JSException }: typeof import('re2js') = require('re2js');
  try {
    const compiled = RE2JS.compile(pattern);
    return compiled.programSize() > maxProgramSize ? undefined : compiled;
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}
