import type { Document, Section } from './document.ts';
import type { KeyCatalogue } from './key-catalogue.ts';
import type { LintRuleId } from './lint-rules.ts';

export interface LintSubject {
  readonly document: Document;
  readonly catalogue: KeyCatalogue;
  /** Who receives the document: everybody, as part of the base document, or the phone of one account. */
  readonly audience: 'everybody' | 'account';
  /** Whether an account is added to the document later, as `proxy_0` and with its `auth_info`. */
  readonly accountAdded: boolean;
  /** The `idkey`s of accounts that are added to the document later. */
  readonly idkeys: readonly string[];
}

/** A rule's remark about a section or key. Its place, its severity and omitted texts are added later. */
export interface Remark {
  readonly rule: LintRuleId;
  readonly section: string;
  readonly key?: string;
  readonly message: string;
  /** The quoted part of the message, without passwords. */
  readonly value?: string;
  /** The correct text, if it is known. */
  readonly meant?: string;
  readonly effect?: string;
  readonly remedy?: string;
}

/** A rule's remark about a value. The message follows the name of the key. */
export type Verdict = Pick<Remark, 'rule' | 'message' | 'meant' | 'effect' | 'remedy'>;

export type LintCheck = (subject: LintSubject) => Iterable<Remark>;

/**
 * Returns the sections `prefix_N` with their numbers in ascending order. Leaves out empty sections, which are never
 * written.
 */
export function numbered(document: Document, prefix: string): { name: string; index: number; section: Section }[] {
  return [...document]
    .flatMap(([name, section]) => {
      const index = numberAfter(name, prefix);
      return index === undefined || section.size === 0 ? [] : [{ name, index, section }];
    })
    .sort((a, b) => a.index - b.index);
}

export function numberAfter(name: string, prefix: string): number | undefined {
  const digits = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^(?:0|[1-9]\d{0,8})$/.test(digits) ? Number(digits) : undefined;
}

/** Returns the value, or undefined if it is empty, because an empty value makes the phone delete its own. */
export function valueIn(section: Section | undefined, key: string): string | undefined {
  const value = section?.get(key)?.value;
  return value === '' ? undefined : value;
}
