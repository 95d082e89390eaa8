import type { Document, Section } from './document.ts';
import type { KeyCatalogue } from './key-catalogue.ts';
import type { LintRuleId } from './lint-rules.ts';

export interface LintSubject {
  readonly document: Document;
  readonly catalogue: KeyCatalogue;
  /** Who gets the document: everybody who asks, as part of the base document, or the phone of one account. */
  readonly audience: 'everybody' | 'account';
  /** Whether an account is added to the document later, as `proxy_0` and with its `auth_info`. */
  readonly accountAdded: boolean;
  /** The `idkey`s of accounts that are added to the document later. */
  readonly idkeys: readonly string[];
}

/** What a rule says about a section or a key. Its place, its severity and omitted texts are added later. */
export interface Remark {
  readonly rule: LintRuleId;
  readonly section: string;
  readonly key?: string;
  readonly message: string;
  /** What the message quotes, without passwords. */
  readonly value?: string;
  /** What would be right. */
  readonly meant?: string;
  readonly effect?: string;
  readonly remedy?: string;
}

/** What a rule says about one value; its message follows the key. */
export type Verdict = Pick<Remark, 'rule' | 'message' | 'meant' | 'effect' | 'remedy'>;

export type LintCheck = (subject: LintSubject) => Iterable<Remark>;

/** Returns the sections `prefix_N` with their numbers, lowest first, without empty ones, which are never written. */
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

/** Returns the value unless it is empty: an empty one makes the phone delete its own. */
export function valueIn(section: Section | undefined, key: string): string | undefined {
  const value = section?.get(key)?.value;
  return value === '' ? undefined : value;
}
