import { pathToFileURL } from 'node:url';
import packageJson from '../../../package.json' with { type: 'json' };
import type { LintRule } from '../../lpconfig/lint-rule.ts';
import { type Finding, lintRules } from '../../lpconfig/lint-rules.ts';
import { asSentence } from './lint-words.ts';

const ruleIds = Object.keys(lintRules);

/** Returns the findings as SARIF 2.1.0, which editors and code hosts show next to the lines. */
export function sarif(findings: readonly Finding[]) {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'ringup lint',
            version: packageJson.version,
            rules: Object.entries<LintRule>(lintRules).map(([id, { severity, about, effect, remedy }]) => ({
              id,
              shortDescription: { text: about },
              fullDescription: { text: `${about} ${effect}` },
              help: { text: remedy },
              defaultConfiguration: { level: severity },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map(resultOf),
      },
    ],
  };
}

function resultOf({
  rule,
  severity,
  file = '-',
  line = 1,
  column = 1,
  section,
  key,
  message,
  effect,
  remedy,
}: Finding) {
  const logical = section === undefined ? undefined : `${section}${key === undefined ? '' : `/${key}`}`;
  return {
    ruleId: rule,
    ruleIndex: ruleIds.indexOf(rule),
    level: severity,
    message: { text: `${asSentence(message)} ${effect} ${remedy}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: { startLine: line, startColumn: column },
        },
        ...(logical === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: logical }] }),
      },
    ],
  };
}

/** Returns the URI of a file. Relative paths stay relative, so that code hosts find the files. */
function uriOf(file: string): string {
  if (file.startsWith('/')) return pathToFileURL(file).href;
  return file.split('/').map(encodeURIComponent).join('/');
}
