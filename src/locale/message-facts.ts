import { visibleText, withoutInvisible } from '../errors/quote-text.ts';
import type { MessageFacts } from './translate.ts';

/** Facts that a text does not quote, so that they need not be short. */
const long: ReadonlySet<string> = new Set(['pattern', 'expected']);

/** Returns facts of a failure as a text takes them: lists with commas, and nothing that cannot be seen. */
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
