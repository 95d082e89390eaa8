import { readFileSync } from 'node:fs';

/** A call of the API, and what a real server answered. `npm run docs` makes them. */
export interface ApiExample {
  /** As a command line. */
  readonly request: string;
  readonly status: number;
  readonly type: string;
  readonly answer: string;
}

/** The server that the examples name. */
export const exampleUrl = 'https://ringup.example.com';

/** Returns the examples by `METHOD /path`. */
export function readApiExamples(): Readonly<Record<string, ApiExample>> {
  return JSON.parse(readFileSync(new URL('./api-examples.json', import.meta.url), 'utf8'));
}
