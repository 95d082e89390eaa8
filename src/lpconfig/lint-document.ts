import { checkCharacters } from '../lib/forbidden-characters.ts';
import type { Document, Origin } from './document.ts';
import type { KeyCatalogue } from './key-catalogue.ts';
import { checkAccounts } from './lint-accounts.ts';
import type { LintCheck, LintSubject, Remark } from './lint-check.ts';
import { checkDeletions, checkKeys } from './lint-keys.ts';
import { checkPersonalValues } from './lint-personal.ts';
import { checkReferences } from './lint-references.ts';
import type { LintRule } from './lint-rule.ts';
import { type Finding, type LintRuleId, lintRules } from './lint-rules.ts';
import { checkCredentials, checkHiddenSettings, checkPublicSecrets } from './lint-secrets.ts';
import { checkDirectories, checkNames, checkNumbering } from './lint-sections.ts';
import { checkValues } from './lint-values.ts';
import { isTooLong } from './rules.ts';

const checks: readonly LintCheck[] = [
  checkLimits,
  checkKeys,
  checkDeletions,
  checkValues,
  checkAccounts,
  checkNumbering,
  checkNames,
  checkReferences,
  checkDirectories,
  checkCredentials,
  checkPublicSecrets,
  checkPersonalValues,
  checkHiddenSettings,
];

/** The maximum number of findings for each rule, because nobody would read a longer list. */
const maxFindings = 100;

export interface LintOptions {
  readonly catalogue: KeyCatalogue;
  /** Who receives the document; by default, everybody. */
  readonly audience?: LintSubject['audience'];
  /** Whether an account is added to the document later; by default, true if everybody receives it. */
  readonly accountAdded?: boolean;
  /** The `idkey`s of accounts that are added later. */
  readonly idkeys?: readonly string[];
  /** Where the sections begin, if this is known. */
  readonly headings?: ReadonlyMap<string, Origin>;
  /** The sections that have unreadable lines. */
  readonly incomplete?: ReadonlySet<string>;
}

/** Returns, sorted by place, everything that a phone would not do as the author probably intended. */
export function lintDocument(document: Document, options: LintOptions): Finding[] {
  const { audience = 'everybody', idkeys = [], headings, incomplete = new Set() } = options;
  const { accountAdded = audience === 'everybody' } = options;
  const catalogue = withNamedPolicies(options.catalogue, document);
  const subject = { document, catalogue, audience, accountAdded, idkeys };
  const counts = new Map<LintRuleId, number>();
  const findings: Finding[] = [];
  for (const check of checks) {
    for (const remark of check(subject)) {
      if (mayBeRefused(remark, incomplete)) continue;
      const count = (counts.get(remark.rule) ?? 0) + 1;
      counts.set(remark.rule, count);
      if (count <= maxFindings) findings.push(finding(remark, originOf(document, remark, headings)));
    }
  }
  return findings.sort(byPlace);
}

/** Returns a finding, with the effect and remedy of its rule unless the remark has more specific ones. */
export function finding(
  remark: Omit<Remark, 'section'> & { readonly section?: string },
  origin: Partial<Origin> = {},
): Finding {
  const { rule, section, key, message, value, meant } = remark;
  const { severity, effect, remedy }: LintRule = lintRules[rule];
  return {
    rule,
    severity,
    ...(origin.file === undefined ? {} : { file: origin.file }),
    ...(origin.line === undefined ? {} : { line: origin.line }),
    ...(origin.column === undefined ? {} : { column: origin.column }),
    ...(section === undefined ? {} : { section }),
    ...(key === undefined ? {} : { key }),
    message,
    ...(value === undefined ? {} : { value }),
    ...(meant === undefined ? {} : { meant }),
    effect: remark.effect ?? effect,
    remedy: remark.remedy ?? remedy,
  };
}

export function byPlace(a: Finding, b: Finding): number {
  const [fileA, fileB] = [a.file ?? '', b.file ?? ''];
  if (fileA !== fileB) return fileA < fileB ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function originOf(document: Document, { section, key }: Remark, headings: LintOptions['headings']): Origin | undefined {
  const entries = document.get(section);
  if (key !== undefined) return entries?.get(key)?.origin;
  return headings?.get(section) ?? entries?.values().next().value?.origin;
}

/** Checks the limits that `writeDocument` enforces, for documents that are never written. */
function* checkLimits({ document }: LintSubject): Generator<Remark> {
  for (const [section, entries] of document) {
    for (const [key, { value }] of entries) {
      const wrong = checkCharacters(value);
      if (wrong !== undefined) yield { rule: 'control-character', section, key, message: `${key} ${wrong}` };
      if (isTooLong(key, value)) {
        yield { rule: 'value-too-long', section, key, message: `${key} is longer than 16,000 bytes` };
      }
    }
  }
}

const aboutSection: ReadonlySet<LintRuleId> = new Set(['section-unnamed', 'registrar-missing', 'ha1-without-realm']);
const aboutOthers: ReadonlySet<LintRuleId> = new Set(['reference-to-nothing', 'depends-on-nothing']);

/**
 * Returns whether the thing that a remark reports as missing may be in an unreadable line, which has a finding of its
 * own.
 */
function mayBeRefused({ rule, section }: Remark, incomplete: ReadonlySet<string>): boolean {
  if (aboutSection.has(rule)) return incomplete.has(section);
  if (aboutOthers.has(rule)) return incomplete.size > 0;
  if (rule !== 'numbering-hole') return false;
  const series = seriesOf(section);
  return [...incomplete].some((each) => seriesOf(each) === series);
}

function seriesOf(section: string): string {
  return section.replace(/(?<!\d)\d+$/, '');
}

/**
 * Returns the catalogue with the sections that a `nat_policy_ref` of the document names, such as
 * `nat_policy_default_values`. liblinphone takes the value as the name of a section first, and as the `ref` within a
 * `nat_policy_N` only if there is no such section.
 */
function withNamedPolicies(catalogue: KeyCatalogue, document: Document): KeyCatalogue {
  const policy = catalogue.get('nat_policy_N');
  const names = [...document.values()]
    .flatMap((entries) => entries.get('nat_policy_ref')?.value ?? [])
    .filter((name) => document.has(name) && !catalogue.has(name));
  if (policy === undefined || names.length === 0) return catalogue;
  return new Map([...catalogue, ...names.map((name) => [name, policy] as const)]);
}
