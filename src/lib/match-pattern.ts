import { Script } from 'node:vm';

/**
 * Far more than a reasonable pattern takes, even on a busy machine, where the clock also counts the time of other
 * processes.
 */
const maxMatchMs = 400;
const script = new Script('new RegExp(pattern, "u").test(text)');

/**
 * Returns whether the text matches a regular expression from a setting, or undefined if it takes too long to find out,
 * as with `^(a+)+$`. It runs in a context of its own, because nothing else can interrupt a regular expression.
 */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  try {
    return script.runInNewContext({ pattern, text }, { timeout: maxMatchMs }) === true;
  } catch (error) {
    if (isTimeout(error)) return undefined;
    throw error;
  }
}

/** Texts that expose catastrophic backtracking: long runs, and an end that matches nothing. */
const hostileTexts = [...'aA0._-+ '].map((letter) => `${letter.repeat(64)}\0`);

/**
 * Returns whether the pattern takes too long on some text: anyone who can name an account could stop the server with
 * it.
 */
export function isSlowPattern(pattern: string): boolean {
  return hostileTexts.some((text) => matchesPattern(pattern, text) === undefined);
}

/** The error belongs to the other context, so it is not an instance of our `Error`. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
