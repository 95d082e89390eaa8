export type LintSeverity = 'error' | 'warning' | 'note';

export interface LintRule {
  readonly severity: LintSeverity;
  /** A description of what the rule finds, for the manual. */
  readonly about: string;
  /** The effect on the phone. Findings may have a more specific text. */
  readonly effect: string;
  /** How to fix it. Findings may have a more specific text. */
  readonly remedy: string;
}
