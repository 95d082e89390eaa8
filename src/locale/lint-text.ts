import type { Language } from '../lib/languages.ts';
import type { Finding, LintRuleId } from '../lpconfig/lint-rules.ts';
import french from './lint-fr.json' with { type: 'json' };

type LintText = Pick<Finding, 'message' | 'effect' | 'remedy'>;

/** The linter itself speaks English, and more exactly. The compiler holds this to its rules. */
const texts = { fr: french } as const satisfies Partial<Record<Language, Readonly<Record<LintRuleId, LintText>>>>;

/** Returns what a finding says, in a language: what is wrong where, what happens on the phone, and what to do. It quotes the same value. */
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
