import { visibleText, withoutInvisible } from '../errors/quote-text.ts';
import type { MessageFacts } from './translate.ts';

/** Facts that texts do not quote, so they may be long. */
const long: ReadonlySet<string> = new Set(['pattern', 'expected']);

/** Returns the facts of a failure for use in a text: lists joined by commas, and no invisible characters. */
export function messageFacts(facts: object): MessageFacts {
  const named = Object.entries(facts).flatMap(([name, fact]) => {
    const text = factText(name, fact);
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(named);
}

function factText(name: string, fact: unknown): string | number | undefined {
  if (typeof fact === 'number') return fact;
  if (typeof fact === 'boolean') return fact ? 'yes' : 'no';
  if (typeof fact === 'string') return long.has(name) ? withoutInvisible(fact) : visibleText(fact);
  return Array.isArray(fact) ? fact.map((each) => visibleText(String(each))).join(', ') : undefined;
}
