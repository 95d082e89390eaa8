import { type Static, Type } from 'typebox';
import { aboutServer, aboutValue, type Complaint, type FieldComplaints } from '../errors/complaints.ts';
import { invalidFields } from '../errors.ts';
import { checkShape, nullable } from '../lib/check-shape.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import { checkCharacters } from '../lib/forbidden-characters.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';
import { algorithms } from '../sip/ha1.ts';
import { checkRealm, plainRealm } from '../sip/realm.ts';
import { checkDomain, parseSipUri } from '../sip/sip-uri.ts';
import { externalProtocols } from './account.ts';
import { ha1Complaint, passwordText, usernameLimits } from './account-fields.ts';

const server = (ifNull: string) =>
  nullable(Type.String({ maxLength: 300, description: `A host, host:port or SIP URI; null: ${ifNull}.` }));

/** The fields of a new external account, for both the API and the commands. */
export const externalAccountShape = Type.Object(
  {
    username: Type.String(usernameLimits),
    auth_username: Type.Optional(
      nullable(
        Type.String({
          ...usernameLimits,
          description: 'The user for authentication, if it is another; null: `username`.',
        }),
      ),
    ),
    domain: Type.String({ minLength: 1, maxLength: 253 }),
    password: Type.Optional(Type.String({ ...passwordText, description: 'Stored as HA1 only.' })),
    ha1: Type.Optional(Type.String({ 'x-verbatim': true, description: 'Instead of the password; needs `algorithm`.' })),
    algorithm: Type.Optional(
      Type.Enum(algorithms, {
        description: 'The algorithm of `ha1`, or the only one to store a password with; by default both.',
      }),
    ),
    realm: Type.Optional(nullable(Type.String({ minLength: 1, maxLength: 253, description: 'null: the domain.' }))),
    registrar: Type.Optional(server('the domain')),
    outbound_proxy: Type.Optional(server('none')),
    protocol: Type.Optional(Type.Enum(externalProtocols, { description: 'By default TLS.' })),
  },
  { additionalProperties: false, title: 'NewExternalAccount' },
);
const changedFields = Type.Partial(externalAccountShape);
export type ExternalAccountFields = Static<typeof externalAccountShape>;

/** The changes of a linked account. Absent fields keep their values. */
export const externalChangesShape = Type.Partial(Type.Omit(externalAccountShape, ['ha1', 'algorithm']), {
  additionalProperties: false,
});
export type ExternalAccountChanges = Static<typeof externalChangesShape>;

/** Returns the fields as they are stored. Throws everything that is wrong with them. */
export function checkExternalFields(given: ExternalAccountFields): ExternalAccountFields {
  const fields = withTrimmedNames(given);
  refuse({ ...mistakesIn(fields), ...mistakesInCredentials(fields) });
  return fields;
}

/**
 * Returns the changes as they are stored. Throws everything that is wrong with them; `mistakesInLink` checks the
 * account that results.
 */
export function checkExternalChanges(given: ExternalAccountChanges): ExternalAccountChanges {
  const changes = withTrimmedNames(given);
  refuse(mistakesIn(changes));
  return changes;
}

function withTrimmedNames<Fields extends Partial<ExternalAccountFields>>(fields: Fields): Fields {
  const { username, auth_username: authUsername, domain, realm } = fields;
  return {
    ...fields,
    ...(username === undefined ? {} : { username: trimBlanks(username) }),
    ...(domain === undefined ? {} : { domain: lowerCaseAscii(domain) }),
    ...(typeof authUsername === 'string' ? { auth_username: trimBlanks(authUsername) } : {}),
    ...(typeof realm === 'string' ? { realm: plainRealm(realm) } : {}),
  };
}

/** Checks the shape here too, because tables of an import have no shape of their own. */
function mistakesIn(fields: Partial<ExternalAccountFields>): FieldComplaints {
  return { ...mistakesInValues(fields), ...checkShape(changedFields, fields) };
}

function mistakesInValues(fields: Partial<ExternalAccountFields>): FieldComplaints {
  const mistakes: Record<string, Complaint[]> = {};
  const complain = (field: string, complaint: Complaint | undefined): void => {
    if (complaint !== undefined) mistakes[field] = [complaint];
  };
  const { username, auth_username: authUsername, domain, realm } = fields;
  if (username !== undefined) complain('username', checkUsername(username));
  if (typeof authUsername === 'string') complain('auth_username', checkUsername(authUsername));
  if (domain !== undefined) complain('domain', aboutServer(domain, checkDomain(domain)));
  if (typeof realm === 'string')
    complain('realm', aboutValue(realm, checkCharacters(realm)) ?? checkRealm(realm, { own: false }));
  complain('registrar', checkServer(fields.registrar));
  complain('outbound_proxy', checkServer(fields.outbound_proxy));
  complain('protocol', checkProtocol(fields));
  complain('ha1', checkHa1(fields));
  return mistakes;
}

function mistakesInCredentials({ password, ha1 }: ExternalAccountFields): FieldComplaints {
  if (password !== undefined && ha1 !== undefined) return { password: [{ code: 'not-combinable', other: 'ha1' }] };
  if (password === undefined && ha1 === undefined) return { password: [{ code: 'or-required', other: 'ha1' }] };
  return {};
}

function refuse(mistakes: FieldComplaints): void {
  if (Object.keys(mistakes).length > 0) throw invalidFields(mistakes);
}

function checkUsername(username: string): Complaint | undefined {
  return username === '' ? { code: 'only-blanks' } : aboutValue(username, checkCharacters(username));
}

function checkHa1({ ha1, algorithm }: Partial<ExternalAccountFields>): Complaint | undefined {
  if (ha1 === undefined) return undefined;
  if (algorithm === undefined) return { code: 'needs', others: ['algorithm'] };
  return ha1Complaint({ algorithm, ha1 });
}

/**
 * Returns a complaint about a protocol that contradicts `sips`, which promises TLS on every hop (RFC 3261 section
 * 19.1).
 */
export function checkProtocol({
  protocol,
  registrar,
  outbound_proxy,
}: Pick<Partial<ExternalAccountFields>, 'protocol' | 'registrar' | 'outbound_proxy'>): Complaint | undefined {
  if (protocol !== 'UDP' && protocol !== 'TCP') return undefined;
  const secure = [registrar, outbound_proxy].find((each) => /^sips:/i.test(each ?? ''));
  if (secure === undefined || secure === null) return undefined;
  return secure.includes('@') ? { code: 'tls-needed' } : { code: 'tls-needed', server: secure };
}

function checkServer(text: string | null | undefined): Complaint | undefined {
  if (text === null || text === undefined) return undefined;
  const uri = parseSipUri(/^sips?:/i.test(text) ? text : `sip:${text}`);
  return uri !== undefined && uri.user === null ? undefined : aboutServer(text, { code: 'not-a-sip-server' });
}
