import { type Answer, type Field, type Operation, readOperations } from '../src/panel/openapi-reader.ts';
import { groupOperations } from '../src/panel/pages/api-manual.ts';
import { code, origin, table } from './markdown.ts';

/** Returns the manual's page about the API, made from the OpenAPI document. */
export function apiPage(openapi: unknown): string {
  const operations = readOperations(openapi);
  const groups = groupOperations(openapi);
  return `# API

${origin}
JSON over HTTP: bodies are \`application/json\`, dates ISO 8601 in UTC, ids integers. Unknown and wrongly typed fields are
refused by name (422), never dropped or converted. \`PUT\` takes what \`GET\` answered: fields that cannot be changed may be sent with
their current values. The body of a \`DELETE\` is ignored. A call that succeeds answers 200 unless it says otherwise. Where
FlexiAPI has the same call, its path, fields and status codes are the same. Where \`GET\` changes nothing, \`HEAD\` answers the same without a body. [Errors](errors.md) have stable codes.

A running server has all of this at \`/api\` and as OpenAPI 3.1 at \`/api/openapi.json\` (about 150 kB, 16 kB where a proxy compresses
it). The pages for people who sign in are in neither: they are forms in a browser, and programs use the calls below.

## Authentication

- **An API key** in the header \`x-api-key\`, or in a cookie of that name. \`./ringup api-key create\` makes one.
- **A session of the panel**, for pages of this server in a browser.
- **HTTP Digest** with the password of the SIP account (MD5 or SHA-256, \`qop=auth\`), which is how phones sign in. It gives a
  user's rights, also to an administrator.

\`\`\`sh
curl -H 'x-api-key: KEY' https://ringup.example.com/api/accounts
curl --digest --user alice:PASSWORD -H 'From: sip:alice@sip.example.com' https://ringup.example.com/provisioning/me
\`\`\`

${table(
  ['who may call', 'who that is'],
  [
    ['anyone', 'everyone, without signing in'],
    ['holder', 'the owner of an account that is not blocked, whether it is activated or not'],
    ['user', 'the same, once the account is activated'],
    [
      'admin',
      'an administrator with a key that has all rights or a session of the panel, for the accounts of their own space',
    ],
    ['super-admin', 'an administrator of a super space, for everything; the first space is one'],
  ],
)}
[Security](security.md) describes how keys and sign-ins are protected.

${groups.map((group) => `## ${group.title}\n\n${group.operations.map(operationPart).join('\n')}`).join('\n')}
## Answers

${thingsPart(operations)}`;
}

function operationPart(operation: Operation): string {
  const { methods, path, summary, caller, paragraphs, query, body, answers } = operation;
  const parts = [
    `### ${methods.join(' or ')} ${code(path)}`,
    `${asSentence(summary)}${caller === '' ? '' : ` *Who may call: ${caller}.*`}`,
    ...paragraphs,
    fieldTable('query', query),
    fieldTable('body', body),
    answers.map(answerText).filter(Boolean).join(' '),
  ];
  return `${parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function fieldTable(heading: string, fields: readonly Field[]): string {
  if (fields.length === 0) return '';
  const rows = fields.map(({ name, type, required, description, constraints }) => [
    `${code(name)}${required ? ' (required)' : ''}`,
    type,
    [description, ...constraints].filter((each) => each !== '').join(' · '),
  ]);
  return table([heading, 'type', 'meaning'], rows);
}

/** Objects that many calls return are described once. Each is recognized by a field that only it has. */
const things: readonly (readonly [field: string, name: string, several?: string])[] = [
  ['dtmf_protocol', 'account'],
  ['rights', 'API key'],
  ['outbound_proxy', 'external account'],
  ['refetch', 'space'],
  ['organization', 'contact from outside', 'contacts from outside'],
];

function thingOf({ fields }: Answer): { readonly name: string; readonly several: string } | undefined {
  const [, name, several = `${name}s`] = things.find(([field]) => fields.some((each) => each.name === field)) ?? [];
  return name === undefined ? undefined : { name, several };
}

function answerText(answer: Answer): string {
  const { status, type, fields } = answer;
  if (type === '') return '';
  const isMany = /^(list|object) of/.test(type) || type === 'list';
  if (type === 'empty object') return `Returns ${status}: an empty object.`;
  const thing = thingOf(answer);
  if (thing !== undefined) return `Returns ${status}: ${isMany ? `a list of ${thing.several}` : `the ${thing.name}`}.`;
  const names = fields.map(({ name }) => code(name)).join(', ');
  return `Returns ${status}: ${isMany ? type : 'an object'}${names === '' ? '' : ` with ${names}`}.`;
}

/** Describes each of these objects with all fields that it has in any answer. */
function thingsPart(operations: readonly Operation[]): string {
  const answers = operations.flatMap((operation) => operation.answers);
  return things
    .map(([, name]) => {
      const fullest = answers
        .filter((answer) => thingOf(answer)?.name === name)
        .reduce<readonly Field[]>((most, { fields }) => (fields.length > most.length ? fields : most), []);
      const heading = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const optional = fullest.map((field) => ({ ...field, required: false }));
      return `### ${heading}\n\n${fieldTable('field', optional)}`;
    })
    .join('\n');
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
