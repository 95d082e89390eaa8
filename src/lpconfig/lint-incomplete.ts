import type { Remark } from './lint-check.ts';
import type { LintRuleId } from './lint-rules.ts';

const aboutSection: ReadonlySet<LintRuleId> = new Set(['section-unnamed', 'registrar-missing', 'ha1-without-realm']);
const aboutOthers: ReadonlySet<LintRuleId> = new Set(['reference-to-nothing', 'depends-on-nothing']);

/** Returns whether what a remark misses may stand in a refused line, which has a finding of its own. */
export function mayBeRefused({ rule, section }: Remark, incomplete: ReadonlySet<string>): boolean {
  if (aboutSection.has(rule)) return incomplete.has(section);
  if (aboutOthers.has(rule)) return incomplete.size > 0;
  if (rule !== 'numbering-hole') return false;
  const series = seriesOf(section);
  return [...incomplete].some((each) => seriesOf(each) === series);
}

function seriesOf(section: string): string {
  return section.replace(/\d+$/, '');
}
