import { createContext, Script } from 'node:vm';

const timeoutMs = 200;
/** Of the processor. A sound pattern takes microseconds. */
const longestMatchUs = 150_000;
const script = new Script('new RegExp(pattern, "u").test(text)');
const context: { pattern: string; text: string } = { pattern: '', text: '' };
createContext(context);

/**
 * Whether the text matches a regular expression that somebody wrote into a setting; undefined when that could not be
 * found out in time, as with `^(a+)+$`: outside a context of its own nothing could interrupt it.
 */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  const before = process.cpuUsage();
  for (;;) {
    try {
      return script.runInContext(Object.assign(context, { pattern, text }), { timeout: timeoutMs }) === true;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      // The clock also runs while other processes have the processor: only time that was spent on the pattern counts.
      const { user, system } = process.cpuUsage(before);
      if (user + system >= longestMatchUs) return undefined;
    }
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
