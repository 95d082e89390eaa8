import type { Language } from '../lib/languages.ts';
import type { Finding, LintRuleId } from '../lpconfig/lint-rules.ts';
import french from './lint-fr.json' with { type: 'json' };

type LintText = Pick<Finding, 'message' | 'effect' | 'remedy'>;

/**
 * Other languages than English, in which the linter itself writes. The compiler checks that each has a text for every
 * rule.
 */
const texts = { fr: french } as const satisfies Partial<Record<Language, Readonly<Record<LintRuleId, LintText>>>>;

/** Returns the texts of a finding in a language: what is wrong and where, what happens on the phone, and what to do. */
export function lintText(language: Language, finding: Finding): LintText {
  if (language === 'en') return finding;
  const { message, effect, remedy } = texts[language][finding.rule];
  const place = [finding.section === undefined ? '' : `[${finding.section}]`, finding.key ?? ''];
  const where = place.filter((part) => part !== '').join(' ');
  const { value = '', meant } = finding;
  return {
    message: `${where === '' ? '' : `${where} – `}${message}${value === '' ? '' : `\u00a0: «\u00a0${value}\u00a0»`}`,
    effect,
    remedy: meant === undefined ? remedy : `${remedy} Possible\u00a0: ${meant}.`,
  };
}
