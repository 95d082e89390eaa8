import { visibleText } from '../errors/quote-text.ts';
import { findKey, findSection, isRead, type KeyFacts, suggestKey, suggestSection } from './key-catalogue.ts';
import type { LintSubject, Remark } from './lint-check.ts';

/** For more unknown names there are no suggestions: comparing each with all others takes time and helps nobody. */
const maxSuggestions = 50;

/** Finds sections and keys that no phone reads, or only old ones. */
export function* checkKeys({ document, catalogue }: LintSubject): Generator<Remark> {
  let unknown = 0;
  for (const [section, entries] of document) {
    if (entries.size === 0 || isPrivate(section)) continue;
    if (findSection(catalogue, section) === undefined) {
      unknown += 1;
      const near = unknown <= maxSuggestions ? suggestSection(catalogue, section) : undefined;
      yield { rule: 'unknown-section', section, ...unknownName(`There is no section ${visibleText(section)}`, near) };
      continue;
    }
    for (const key of entries.keys()) {
      if (isPrivate(key)) continue;
      const facts = findKey(catalogue, section, key);
      if (facts === undefined) {
        unknown += 1;
        const near = unknown <= maxSuggestions ? suggestKey(catalogue, section, key) : undefined;
        yield { rule: 'unknown-key', section, key, ...unknownName(`There is no key ${visibleText(key)}`, near) };
      } else yield* checkAge(section, key, facts);
    }
  }
}

function* checkAge(section: string, key: string, facts: KeyFacts): Generator<Remark> {
  const { instead } = facts;
  const remedy = instead === undefined ? {} : { remedy: `Use ${instead}.` };
  if (!isRead(facts)) {
    yield { rule: 'documentation-only', section, key, message: `No Linphone reads ${key} here`, ...remedy };
  } else if (instead !== undefined) {
    yield { rule: 'deprecated-key', section, key, message: `${key} has been replaced by ${instead}`, ...remedy };
  } else if (facts.in.length === 1 && facts.in[0] === '5.1') {
    yield { rule: 'old-versions-only', section, key, message: `5.6 no longer reads ${key}` };
  }
}

function unknownName(message: string, near: string | undefined): Pick<Remark, 'message' | 'remedy'> {
  return near === undefined ? { message } : { message: `${message}, did you mean ${near}?`, remedy: `Use ${near}.` };
}

function isPrivate(name: string): boolean {
  return /^x[-_]/i.test(name);
}
