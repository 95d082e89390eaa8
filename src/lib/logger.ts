import pino, { type Logger } from 'pino';
import { escapeControls, withoutInvisible } from '../errors/quote-text.ts';
import { LineOutput } from './line-output.ts';

export type { Logger };

/** Where log lines go, one JSON object per line. */
export interface LogDestination {
  write(line: string): void;
}

const levelNames: Readonly<Record<number, string>> = pino.levels.labels;

/** Creates a pino logger that writes JSON lines with ISO times. */
export function createLogger(level: string, destination: LogDestination): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => destination.write(escapeControls(line)) },
  );
}

/** Returns standard output, as JSON for programs or as text for people at a terminal. */
export function standardOutput(): LogDestination & { close(): Promise<void> } {
  // The getter of `process.stdout` also makes a pipe non-blocking.
  if (process.stdout.isTTY) {
    return { write: (line) => process.stdout.write(humanLine(line)), close: async () => {} };
  }
  return new LineOutput(process.stdout.fd);
}

/**
 * Formats a JSON line as `21:04:05 info  GET /provisioning 200 1 ms`. Invisible characters and control characters from
 * outside are made visible. Only a stack has line breaks.
 */
export function humanLine(line: string): string {
  const { time, level, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const label = typeof level === 'number' ? (levelNames[level] ?? level) : level;
  const details = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const words = [msg, ...details].map((each) => withoutInvisible(String(each)).replaceAll('\n', '␊'));
  const stack = err !== null && typeof err === 'object' && 'stack' in err ? `\n${String(err.stack)}` : '';
  return `${String(time).slice(11, 19)} ${String(label).padEnd(5)} ${words.join(' ')}${withoutInvisible(stack)}\n`;
}
