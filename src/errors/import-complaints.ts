import { type ComplaintEntry, withFacts } from './complaint-entry.ts';
import { quoteText } from './quote-text.ts';

/** An error in the form in which it is stored, so that pages can show it in another language. */
export interface StoredFailure {
  readonly code: string;
  readonly facts: object;
}

/** Complaints about a cell of an imported table. */
export const importComplaints = {
  'rounded-by-spreadsheet': withFacts(
    ({ dialled }: { dialled?: string | undefined }) =>
      `was rounded by a spreadsheet: type the number in full, ${dialled === undefined ? 'with its country code' : `such as ${dialled}`}, and make its column text before you type it`,
    {},
  ),
  'with-extension': 'names an extension: write the number that is dialled from outside, without it',
  'an-extension': 'is an extension: write the number that is dialled from outside, or leave it empty',
  'several-addresses': 'has more than one mail address: keep one',
  'comma-in-address': withFacts(
    ({ meant }: { meant?: string | undefined }) =>
      meant === undefined
        ? 'has a comma, which no mail address has'
        : `has a comma, which no mail address has: did you mean ${quoteText(meant)}?`,
    { meant: 'bob@example.com' },
  ),
  'letters-lost': 'has lost letters: export the file again as UTF-8, or type the name',
  'hex-cell': "is written as bytes (X'…'): export the file again as UTF-8",
  'not-yes-or-no': 'must be yes or no',
  'other-domain': withFacts(({ domain }: { domain: string }) => `must be ${domain}, the domain of the space`, {
    domain: 'sip.example.com',
  }),
  'hash-of-another-service': 'is a hash that another service made: leave it empty, and a password is generated',
  'of-another-password': 'does not belong to the password in the same row: leave one of them empty',
  'more-cells': withFacts(
    ({ cells, columns }: { cells: number; columns: number }) =>
      `has ${cells} cells, and the first line names ${columns} columns: put quotation marks around a cell with a separator in it`,
    { cells: 6, columns: 5 },
  ),
  'repeated-in-file': withFacts(({ line }: { line: number }) => `is in line ${line} too`, { line: 12 }),
  'taken-by': withFacts(({ username }: { username: string }) => `belongs to the account ${quoteText(username)}`, {
    username: 'bob',
  }),
  'exists-already':
    'belongs to an existing account, which this import does not change: let it skip or update such accounts',
  'change-of-administrator': 'would make or unmake an administrator: allow that first',
  'sign-in-of-administrator': 'would change how an administrator signs in: allow changes of administrators first',
  'name-missing': 'is required where the row has neither a mail address nor a name',
  'name-of-ha1': 'is required: the HA1 in the row was made for a user name',
  'beyond-limit': withFacts(
    ({ maxAccounts }: { maxAccounts: number }) => `would be one account more than the ${maxAccounts} of the space`,
    { maxAccounts: 100 },
  ),
  'account-lacks':
    'is required for a new account, and no account has this phone number: add a user name, a mail address or a name',
  'not-written': withFacts(
    ({ reason }: { reason: string; failure?: StoredFailure }) => `could not be written: ${reason.replace(/\.$/, '')}`,
    { reason: 'The account is blocked.' },
  ),
} as const satisfies Record<string, ComplaintEntry>;
