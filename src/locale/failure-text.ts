import { emailPattern } from '../accounts/account-fields.ts';
import type { Complaint } from '../errors/complaints.ts';
import type { StoredFailure } from '../errors/import-complaints.ts';
import type { AppError, ErrorCode, FactsOf } from '../errors.ts';
import { usualUsernamePattern } from '../spaces/space-settings.ts';
import { messageFacts } from './message-facts.ts';
import { isMessageKey, type MessageFacts, type MessageKey, type Translate } from './translate.ts';

type Failure = { [C in ErrorCode]: { readonly code: C; readonly facts: FactsOf<C> } }[ErrorCode];

export function refusalText(t: Translate, { code, facts }: Pick<AppError, 'code' | 'facts'> | StoredFailure): string {
  const failure = { code, facts } as Failure;
  if (failure.code === 'fields-invalid') return firstMistake(t, failure.facts);
  return t(keyOf(failure), messageFacts(failure.facts));
}

/**
 * Returns the message key of a failure. A code that stands for several failures has a text for each. The compiler
 * checks that all of them exist.
 */
function keyOf(failure: Exclude<Failure, { readonly code: 'fields-invalid' }>): MessageKey {
  switch (failure.code) {
    case 'import-refused':
      return `refusal.import-refused.${failure.facts.why}`;
    case 'not-allowed':
      return `refusal.not-allowed.${failure.facts.why}`;
    case 'not-found':
      return `refusal.not-found.${failure.facts.what}`;
    case 'conflict':
      return `refusal.conflict.${failure.facts.why}`;
    case 'too-large':
      return `refusal.too-large.${failure.facts.what}`;
    case 'confirmation-needed':
      return `refusal.confirmation-needed.${failure.facts.what}`;
    default:
      return `refusal.${failure.code}`;
  }
}

function firstMistake(t: Translate, { fields }: FactsOf<'fields-invalid'>): string {
  const [[name, [first]] = ['', []]] = Object.entries(fields);
  return first === undefined ? t('refusal.body-malformed') : complaintText(t, first, name);
}

/** Sentences about the mistakes in the fields of a form. */
export type Mistakes = Readonly<Record<string, readonly string[]>>;

/** Returns the mistakes in each field, in the reader's language. Returns undefined if the error is not about fields. */
export function mistakesIn(t: Translate, error: AppError | undefined): Mistakes | undefined {
  const complaints = error?.factsOf('fields-invalid')?.fields;
  if (complaints === undefined) {
    return (
      error?.fields && Object.fromEntries(Object.keys(error.fields).map((name) => [name, [refusalText(t, error)]]))
    );
  }
  return Object.fromEntries(
    Object.entries(complaints).map(([name, all]) => [name, all.map((each) => complaintText(t, each, name))]),
  );
}

/** Returns a complaint about a value as a sentence in the reader's language, which says what to do. */
export function complaintText(t: Translate, complaint: Complaint, field = ''): string {
  // The compiler checks that every complaint has a text.
  const key: MessageKey = `complaint.${complaint.code}`;
  return t(plainKey(complaint, field) ?? key, { ...absent, ...messageFacts(complaint), ...specialFacts(t, complaint) });
}

/** Replacements for facts that a complaint may lack. */
const absent = {
  example: 'none',
  dialled: 'none',
  meant: 'none',
  from: 'none',
  to: 'none',
  forever: 'none',
  value: '',
};

/** Returns the key of a text that explains a pattern in plain words. */
function plainKey(complaint: Complaint, field: string): MessageKey | undefined {
  const { code } = complaint;
  if (code === 'no-match') {
    if (complaint.pattern === emailPattern) return 'complaint.not-a-mailbox';
    return complaint.pattern === usualUsernamePattern ? 'mistake.username' : undefined;
  }
  if (field === 'account' && code === 'required') return 'mistake.account';
  if (field === 'action' && code === 'required') return 'mistake.action';
  if (field === 'smtp_url' && code === 'not-an-smtp-url') return 'mistake.smtpHost';
  if (field === 'domain' && code === 'not-a-bare-domain') return 'mistake.domain';
  return undefined;
}

const exampleUri = 'sip:sip.example.com;transport=tls';

function specialFacts(t: Translate, complaint: Complaint): MessageFacts {
  switch (complaint.code) {
    case 'or-required':
    case 'not-combinable':
      return { other: fieldName(t, complaint.other) };
    case 'needs':
      return { others: complaint.others.map((each) => fieldName(t, each)).join(', ') };
    case 'wrong-type':
      return { kind: kindOf(complaint.types) };
    case 'not-a-duration':
      return { forever: complaint.forever === '0' ? 'zero' : (complaint.forever ?? 'none') };
    case 'picture-too-large':
      return { kilobytes: complaint.maxBytes / 1000 };
    case 'forbidden-character':
      return { character: `U+${complaint.charCode.toString(16).toUpperCase().padStart(4, '0')}` };
    case 'not-sip':
      return { example: complaint.meant ?? exampleUri };
    case 'angle-brackets':
    case 'sips':
    case 'with-user':
      return { example: exampleUri };
    case 'not-written':
      return complaint.failure === undefined ? {} : { reason: refusalText(t, complaint.failure) };
    default:
      return {};
  }
}

function kindOf(types: readonly string[]): string {
  if (types.includes('integer')) return 'number';
  return types.find((each) => each !== 'null') ?? 'string';
}

/** Returns the name of a field or setting for use within a sentence. */
function fieldName(t: Translate, name: string): string {
  const [field, setting] = [`field.${name}`, `setting.${name}`];
  if (isMessageKey(field)) return t(field);
  return isMessageKey(setting) ? t(setting) : name;
}
