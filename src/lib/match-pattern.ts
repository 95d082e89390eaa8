import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

const require = createRequire(import.meta.url);

/**
 * Returns whether a part of the text matches a regular expression from a setting. The syntax is that of RE2, so that
 * the time grows no faster than the text for every expression. Returns undefined if RE2 does not support the
 * expression, for example because of a lookahead.
 */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  return compile(pattern)?.test(text);
}

export function isPattern(text: string): boolean {
  return compile(text) !== undefined;
}

/**
 * The limit in instructions. The time also grows with the expression: `(.?){1000}` is only a few characters, but
 * becomes a thousand instructions.
 */
const maxProgramSize = 2_000;

/** Compiling takes far longer than matching, and a server has few expressions. */
const maxKept = 50;
const kept = new Map<string, RE2JS | undefined>();

function compile(pattern: string): RE2JS | undefined {
  if (!kept.has(pattern)) {
    if (kept.size >= maxKept) kept.clear();
    kept.set(pattern, compileNew(pattern));
  }
  return kept.get(pattern);
}

function compileNew(pattern: string): RE2JS | undefined {
  // Loaded at first use, because loading takes longer than most commands.
  const { RE2JS: Expression, RE2JSException }: typeof import('re2js') = require('re2js');
  try {
    const compiled = Expression.compile(pattern);
    return compiled.programSize() > maxProgramSize ? undefined : compiled;
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}
