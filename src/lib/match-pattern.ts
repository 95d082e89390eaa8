import { Script } from 'node:vm';

/** Far above what a sound pattern takes even on a machine that is busy: the clock runs on while others have the processor. */
const longestMatchMs = 400;
const script = new Script('new RegExp(pattern, "u").test(text)');

/**
 * Whether the text matches a regular expression that somebody wrote into a setting; undefined when that could not be
 * found out in time, as with `^(a+)+$`: outside a context of its own nothing could interrupt it.
 */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  try {
    return script.runInNewContext({ pattern, text }, { timeout: longestMatchMs }) === true;
  } catch (error) {
    if (isTimeout(error)) return undefined;
    throw error;
  }
}

/** What makes a pattern that backtracks without end show it: long runs, and an end that fits nothing. */
const hostileTexts = [...'aA0._-+ '].map((letter) => `${letter.repeat(64)}\0`);

/** Whether the pattern takes too long on some text: anybody who may name an account could stop the server with it. */
export function isSlowPattern(pattern: string): boolean {
  return hostileTexts.some((text) => matchesPattern(pattern, text) === undefined);
}

/** The error belongs to the other context, so it is no instance of our `Error`. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
