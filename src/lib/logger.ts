import pino, { type Logger } from 'pino';

export type { Logger };

/** Where log lines go, one JSON object a line. */
export interface LogDestination {
  write(line: string): void;
}

const batchLength = 4096;
const levelNames: Readonly<Record<number, string>> = pino.levels.labels;

/** A pino logger that writes JSON lines with ISO times. */
export function createLogger(level: string, destination: LogDestination): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

/** Standard output, in batches: JSON for programs, words for people at a terminal. */
export function standardOutput(): LogDestination & { flush(): void } {
  if (process.stdout.isTTY) {
    return { write: (line) => process.stdout.write(humanLine(line)), flush: () => {} };
  }
  const destination = pino.destination({ fd: 1, sync: false });
  // Gathered here: the destination would measure all that it holds at each line.
  let waiting = '';
  const pass = (): void => {
    if (waiting !== '') destination.write(waiting);
    waiting = '';
  };
  const timer = setInterval(pass, 100).unref();
  return {
    write: (line) => {
      waiting += line;
      if (waiting.length >= batchLength) pass();
    },
    flush: () => {
      clearInterval(timer);
      pass();
      destination.flushSync();
    },
  };
}

/** `21:04:05 info  GET /provisioning 200 1 ms` from a JSON line. */
export function humanLine(line: string): string {
  const { time, level, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const label = typeof level === 'number' ? (levelNames[level] ?? level) : level;
  const details = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const stack = err !== null && typeof err === 'object' && 'stack' in err ? `\n${String(err.stack)}` : '';
  return `${String(time).slice(11, 19)} ${String(label).padEnd(5)} ${[msg, ...details].join(' ')}${stack}\n`;
}
