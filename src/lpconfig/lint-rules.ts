import type { Origin } from './document.ts';
import type { LintRule, LintSeverity } from './lint-rule.ts';
import { textRules } from './text-rules.ts';
import { valueRules } from './value-rules.ts';

/** All rules by their stable names, in the order of the manual. */
export const lintRules = { ...textRules, ...valueRules } as const;

export type LintRuleId = keyof typeof lintRules;

/**
 * A finding of a rule. Lines and columns count from 1. `value` is what the message quotes and `meant` the correct text;
 * translations need both.
 */
export interface Finding extends Pick<Origin, 'file' | 'line' | 'column'>, Pick<LintRule, 'effect' | 'remedy'> {
  readonly rule: LintRuleId;
  readonly severity: LintSeverity;
  readonly section?: string;
  readonly key?: string;
  readonly message: string;
  readonly value?: string;
  readonly meant?: string;
}
