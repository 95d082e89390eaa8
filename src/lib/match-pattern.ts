import { createContext, Script } from 'node:vm';

const timeoutMs = 200;
/** Processor time. A reasonable pattern takes microseconds. */
const maxMatchUs = 150_000;
const script = new Script('new RegExp(pattern, "u").test(text)');
const context: { pattern: string; text: string } = { pattern: '', text: '' };
createContext(context);

/**
 * Returns whether the text matches a regular expression from a setting, or undefined if it takes too long to find out,
 * as with `^(a+)+$`. It runs in a context of its own, because nothing else can interrupt a regular expression.
 */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  const before = process.cpuUsage();
  for (;;) {
    try {
      return script.runInContext(Object.assign(context, { pattern, text }), { timeout: timeoutMs }) === true;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      // The clock also counts the time of other processes, so ask how long this one had the processor.
      const { user, system } = process.cpuUsage(before);
      if (user + system >= maxMatchUs) return undefined;
    }
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
