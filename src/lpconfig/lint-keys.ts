import { visibleText } from '../errors/quote-text.ts';
import {
  findKey,
  findSection,
  isCurrent,
  isOfOldApps,
  isRead,
  type KeyFacts,
  type Knower,
  suggestKey,
  suggestSection,
} from './key-catalogue.ts';
import type { LintSubject, Remark } from './lint-check.ts';

/** Only this many unknown names get a suggestion, because each must be compared with all known names. */
const maxSuggestions = 50;

/** The apps keep their own settings in this section. liblinphone does not read it. */
const appSection = 'app';

/** Finds sections and keys that no phone reads, or only old ones. */
export function* checkKeys({ document, catalogue }: LintSubject): Generator<Remark> {
  let unknown = 0;
  for (const [section, entries] of document) {
    if (entries.size === 0 || isPrivate(section)) continue;
    const known = findSection(catalogue, section);
    if (known?.free) continue;
    if (known === undefined) {
      unknown += 1;
      const near = unknown <= maxSuggestions ? suggestSection(catalogue, section) : undefined;
      const unknownSection = unknownName(`There is no section ${visibleText(section)}`, near);
      yield { rule: 'unknown-section', section, ...unknownSection, ...remedyOfPolicy(section) };
      continue;
    }
    for (const key of entries.keys()) {
      if (isPrivate(key)) continue;
      const facts = findKey(catalogue, section, key);
      if (facts === undefined) {
        unknown += 1;
        const near = unknown <= maxSuggestions ? suggestKey(catalogue, section, key) : undefined;
        const rule = near === undefined && section === appSection ? 'unknown-app-key' : 'unknown-key';
        yield { rule, section, key, ...unknownName(`There is no key ${visibleText(key)}`, near) };
      } else yield* checkAge(section, key, facts);
    }
  }
}

/** Finds keys without a value in texts of operators. Elsewhere, empty values are intended. */
export function* checkDeletions({ document }: LintSubject): Generator<Remark> {
  for (const [section, entries] of document) {
    for (const [key, { value, overwrite, origin }] of entries) {
      if (value !== '' || !overwrite || origin?.line === undefined || isPrivate(section) || isPrivate(key)) continue;
      yield { rule: 'key-deleted', section, key, message: `${key} is empty, so the phone deletes its own` };
    }
  }
}

function* checkAge(section: string, key: string, facts: KeyFacts): Generator<Remark> {
  const { instead } = facts;
  const remedy = instead === undefined ? {} : { meant: instead, remedy: `Use ${instead}.` };
  if (!isRead(facts)) {
    yield { rule: 'documentation-only', section, key, message: `No Linphone reads ${key} here`, ...remedy };
  } else if (isOfOldApps(facts)) {
    yield { rule: 'old-apps-only', section, key, message: `${key} is read by the 5.x apps only: ${appsIn(facts)}` };
  } else if (instead !== undefined) {
    const rule = isCurrent(facts) ? 'older-name' : 'deprecated-key';
    yield { rule, section, key, message: `${key} has been replaced by ${instead}`, ...remedy };
  } else if (!isCurrent(facts)) {
    yield { rule: 'old-versions-only', section, key, message: `5.6 no longer reads ${key}` };
  }
}

const appNames: Partial<Record<Knower, string>> = { 'android-5': 'Android', 'ios-5': 'iOS', 'desktop-5': 'desktop' };

function appsIn(facts: KeyFacts): string {
  return facts.in.flatMap((each) => appNames[each] ?? []).join(', ');
}

function unknownName(message: string, near: string | undefined): Pick<Remark, 'message' | 'meant' | 'remedy'> {
  if (near === undefined) return { message };
  return { message: `${message}, did you mean ${near}?`, meant: near, remedy: `Use ${near}.` };
}

function isPrivate(name: string): boolean {
  return /^x[-_]/i.test(name);
}

/**
 * Returns the remedy for an unknown NAT policy. Many texts have a [nat_policy_default_values] that no key refers to.
 * Sections that a key refers to are not reported.
 */
function remedyOfPolicy(section: string): { remedy?: string } {
  if (!section.startsWith('nat_policy_')) return {};
  return { remedy: `Write nat_policy_ref=${visibleText(section)} in [proxy_default_values], or remove the section.` };
}
