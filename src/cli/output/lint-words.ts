import { wrapLines } from '../../lib/text-width.ts';
import type { LintSeverity } from '../../lpconfig/lint-rule.ts';
import type { Finding } from '../../lpconfig/lint-rules.ts';
import { type LintReport, placeOf } from '../lint-sources.ts';
import type { Screen } from './print.ts';

/** Formats a report for people: each finding with its place, its effect on the phone and its remedy. */
export function lintWords({ files, findings }: LintReport, screen: Screen): string {
  return files
    .map((file) => {
      const found = findings.filter((each) => each.file === file);
      const isFine = found.every(({ severity }) => severity === 'note');
      return `${found.map((each) => findingWords(each, screen)).join('')}${isFine ? `${file}: no problems found.\n` : ''}`;
    })
    .join('');
}

/** Returns `2 errors, 1 note`. Severities that do not occur are left out. */
export function countWords(findings: readonly Finding[]): string {
  const severities: readonly LintSeverity[] = ['error', 'warning', 'note'];
  return severities
    .map((severity) => ({ severity, count: findings.filter((each) => each.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 ? '' : 's'}`)
    .join(', ');
}

function findingWords(finding: Finding, { width }: Screen): string {
  const { rule, severity, section, message, effect, remedy } = finding;
  const subject = section === undefined ? '' : `[${section}] `;
  const wrap = (text: string) => `${wrapLines(`  ${text}`, width)}\n`;
  return (
    `${placeOf(finding)}: ${severity}: ${rule}\n` +
    `${wrap(`${subject}${asSentence(message)}`)}${wrap(`On the phone: ${effect}`)}${wrap(`To fix it: ${remedy}`)}`
  );
}

export function asSentence(text: string): string {
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}
