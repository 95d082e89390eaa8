export type LintSeverity = 'error' | 'warning' | 'note';

export interface LintRule {
  readonly severity: LintSeverity;
  /** What it finds, for the manual. */
  readonly about: string;
  /** What happens on the phone, unless a finding says it more precisely. */
  readonly effect: string;
  /** How to fix it, unless a finding says it more precisely. */
  readonly remedy: string;
}
