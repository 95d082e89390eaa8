import { maxOutsideContacts } from '../src/contacts/change-outside-contacts.ts';
import type { ErrorCode, FactsOf } from '../src/errors.ts';
import { maxFields, maxItems } from '../src/http/request-size.ts';
import { maxLines, templateLine } from '../src/importing/open-table.ts';
import { maxImportMegabytes, maxImportRows } from '../src/importing/receive-import.ts';
import { maxCells } from '../src/lib/read-csv.ts';

/** The names of the failures that a code covers: the values of its fact `why` or `what`. */
type NameIn<Facts> = Facts extends { readonly why: infer Name extends string }
  ? Literal<Name>
  : Facts extends { readonly what: infer Name extends string }
    ? Literal<Name>
    : never;

/** Leaves out `string`: a `why` that can be any text is part of the sentence. */
type Literal<Name extends string> = string extends Name ? never : Name;

/** The facts of the failure with this name, without its name. */
type OtherFacts<Facts, Name> = Facts extends unknown
  ? Name extends NameIn<Facts>
    ? Omit<Facts, 'why' | 'what'>
    : never
  : never;

type CodeWithSeveral = { [Code in ErrorCode]: [NameIn<FactsOf<Code>>] extends [never] ? never : Code }[ErrorCode];

type SampleFacts = {
  readonly [Code in CodeWithSeveral]: {
    readonly [Name in NameIn<FactsOf<Code>>]: OtherFacts<FactsOf<Code>, Name>;
  };
};

const domain = 'sip.example.com';
const owner = `alice@${domain}`;
const importId = 7;
const name = 'bob';
const backup = 'backup.sqlite';
const folder = '/var/lib/ringup';
const file = `${folder}/ringup.sqlite`;
const lock = `${folder}/serve.lock`;
const failure = 'disk I/O error';
const noDatabase = 'file is not a database';
const entry = { section: 'sip', entry: 'contact_params' };

/**
 * Facts for each failure of the codes that cover several. The manual shows the sentences that they make, and the
 * compiler refuses a failure without facts.
 */
export const sampleFacts: SampleFacts = {
  'body-malformed': { 'not-utf8': {}, 'not-json': {}, 'not-an-object': {}, 'not-a-form': {} },
  'request-malformed': {
    unreadable: {},
    'headers-too-long': {},
    address: {},
    length: {},
    'connection-closed': {},
    'picture-format': { value: 'gif' },
    'picture-size': { value: '5000' },
  },
  'import-refused': {
    spreadsheet: {},
    'old-spreadsheet': {},
    pdf: {},
    ldif: {},
    vcard: {},
    configuration: {},
    sql: {},
    json: {},
    markup: {},
    binary: {},
    empty: {},
    'late-header': {},
    'no-rows': {},
    'unknown-columns': { found: ['Colour', 'Size'], expected: templateLine },
    'column-twice': { column: 'E-Mail' },
    'unclosed-quote': { line: 12 },
    'large-row': { line: 12, maxCells },
  },
  'document-invalid': {
    closed: {},
    section: { section: 'my section', complaint: { code: 'not-a-name' } },
    entry: { ...entry, complaint: { code: 'forbidden-character', charCode: 0 } },
    name: { section: 'sip', entry: 'my key', complaint: { code: 'not-a-key' } },
    value: { ...entry, complaint: { code: 'not-text' } },
    overwrite: entry,
  },
  'authentication-required': { 'no-key': {}, 'unknown-key': {}, ended: {} },
  'not-allowed': {
    'no-account-here': {},
    'no-administrator': {},
    'no-super-administrator': {},
    'no-self-service': {},
    'password-needed': {},
    'device-unknown': {},
    'device-cannot-sign-in': {},
    'other-account': {},
    'foreign-account': {},
  },
  'not-found': {
    page: {},
    code: {},
    'auth-token': {},
    'login-link': {},
    'reset-link': {},
    'setup-link': {},
    'space-of-account': {},
    session: {},
    account: { name },
    'account-of-space': { name, domain },
    'api-key': { name: '5' },
    token: { name: '5' },
    device: { name: '5' },
    'import-job': { name: '5' },
    'outside-contact': { name: '5' },
    'contact-list': { name: '5' },
    version: { name: '5' },
    'account-on-list': { account: owner, list: 'Sales', side: 'member' },
    space: { name: 'example.com', closest: domain },
    contact: { name: `${name}@${domain}`, owner },
    'external-account': { owner },
  },
  'confirmation-needed': { realm: { realm: 'example.com' }, domain: { domain } },
  conflict: {
    'account-blocked': {},
    'token-ended': {},
    'only-super-space': {},
    'address-fixed': {},
    'address-kept': {},
    'own-contact': {},
    'published-meanwhile': {},
    'no-lan-address': {},
    'fetches-at-every-start': {},
    'too-many-contacts': { max: maxOutsideContacts },
    'domain-in-use': { domain, accounts: ['alice', name], more: true },
    'not-confirmed': {},
    declined: {},
    'import-busy': {},
    'import-erased': {},
    'import-failed': {},
    'import-written': {},
    'import-of-other-secret': {},
    'import-without-rights': { name },
    'import-discarded': { id: importId, written: 200, rows: 500 },
    'import-elsewhere': { id: importId, written: 200, rows: 500 },
    'not-a-file': { path: backup },
    'file-exists': { path: backup },
    'disk-full': { path: backup },
    'foreign-database': { path: backup },
    'file-missing': { path: backup },
    'not-a-backup': { path: backup, reason: noDatabase },
    'other-tool': { command: 'pg_dump --format=custom --file=backup.dump "$RINGUP_DATABASE_URL"' },
    'not-written': { path: backup, reason: 'its folder does not exist' },
  },
  'too-large': {
    body: {},
    fields: { max: maxFields },
    items: { max: maxItems },
    rows: { max: maxImportRows },
    lines: { max: maxLines },
    file: { max: maxImportMegabytes },
  },
  'database-unavailable': {
    'no-answer': {},
    'too-slow': {},
    locked: {},
    conflict: {},
    'read-only': {},
    full: {},
    'disk-failing': {},
    damaged: {},
    refused: {},
    missing: {},
    certificate: {},
    'no-encryption': {},
    crowded: {},
    pooler: {},
    replaced: {},
    unconfirmed: {},
    'no-space': {},
    unusable: { failure },
  },
  'file-unusable': {
    'unwritable-disk': { file, folder, failure },
    'full-disk': { file, folder, failure },
    permissions: { file, folder, failure },
    'not-ours': { file: lock, folder, failure: noDatabase },
    other: { file, folder, failure },
  },
};
