import type { ComplaintEntry } from './complaint-entry.ts';
import { fieldComplaints } from './field-complaints.ts';
import { importComplaints } from './import-complaints.ts';
import { quoteText } from './quote-text.ts';
import { textComplaints } from './text-complaints.ts';

/** Every complaint about a field that a caller may see. */
export const complaintCatalogue = { ...fieldComplaints, ...textComplaints, ...importComplaints } as const;

export type ComplaintCode = keyof typeof complaintCatalogue;

export const complaintCodes = Object.keys(complaintCatalogue) as ComplaintCode[];

type FactsOf<C extends ComplaintCode> = (typeof complaintCatalogue)[C] extends { readonly example: infer Facts }
  ? Facts
  : object;

interface About {
  /** The invalid value, which the sentence quotes first. Left out if it may be secret. */
  readonly value?: string;
  /** Set if only this part of the value is invalid. */
  readonly part?: 'host';
}

/** What is wrong with a value: a code, and the facts that its sentence needs. */
export type Complaint = { [C in ComplaintCode]: { readonly code: C } & About & FactsOf<C> }[ComplaintCode];

/** Complaints by field; `""` is the request's body itself. */
export type FieldComplaints = Readonly<Record<string, readonly Complaint[]>>;

/** Returns the complaint in English. It follows the name of its field: `"Bob" must match ^[a-z]+$`. */
export function complaintSentence(complaint: Complaint): string {
  const { code, value, part } = complaint;
  const entry: ComplaintEntry = complaintCatalogue[code];
  const sentence = typeof entry === 'string' ? entry : entry.message(complaint);
  const about = part === undefined ? sentence : `has an invalid ${part}: it ${sentence}`;
  return value === undefined || value === '' ? about : `${quoteText(value)} ${about}`;
}

/** Returns the sentence of a complaint for the manual, filled with the example from the catalogue. */
export function exampleSentence(code: ComplaintCode): string {
  const entry: ComplaintEntry = complaintCatalogue[code];
  return typeof entry === 'string' ? entry : entry.message(entry.example);
}

/** Returns the complaint with the invalid value. Do not use it for secrets. */
export function aboutValue<C extends Complaint | undefined>(value: string, complaint: C): Complaint | C {
  return complaint === undefined ? complaint : { ...complaint, value };
}

/**
 * Returns the complaint with the invalid server. Leaves out a URI with a user, because it may contain a password too.
 */
export function aboutServer<C extends Complaint | undefined>(uri: string, complaint: C): Complaint | C {
  return uri.includes('@') ? complaint : aboutValue(uri, complaint);
}
