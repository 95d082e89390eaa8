import { type ComplaintEntry, withFacts } from './complaint-entry.ts';
import { quoteText } from './quote-text.ts';

const exampleUri = 'sip:sip.example.com;transport=tls';
const nameForm = '1 to 100 characters of A-Z a-z 0-9 _ . : -';
const keyForm = `${nameForm} /`;

/** Complaints about domains, servers, phone numbers, patterns, and texts for a phone's configuration. */
export const textComplaints = {
  'not-text': 'must be text',
  'forbidden-character': withFacts(({ charCode }: { charCode: number }) => `must not contain ${described(charCode)}`, {
    charCode: 10,
  }),
  'not-a-name': `must be ${nameForm}`,
  'not-a-key': `must be ${keyForm}`,
  'entry-too-long': withFacts(
    ({ max, bytes }: { max: number; bytes: number }) =>
      `must be at most ${max} bytes of UTF-8 as key=value (it has ${bytes})`,
    { max: 16_000, bytes: 16_001 },
  ),
  'not-a-seeded-pattern': `must be section/key, each ${nameForm}, in the key also /, and * for any run of characters`,
  'too-many-star-patterns': withFacts(({ max }: { max: number }) => `must not have more than ${max} patterns with *`, {
    max: 100,
  }),
  'linphonerc-mistake': withFacts(
    ({ line, mistake, text }: { line: number; mistake: string; text: string }) => `line ${line}: ${mistake}: ${text}`,
    { line: 2, mistake: 'the section lacks its closing ]', text: '[sip' },
  ),
  'space-at-an-end': 'must not begin or end with a space',
  'space-at-an-end-of-the-display-name': 'must not have a display name that begins or ends with a space',
  'beyond-ascii': 'must contain only ASCII characters: SIP servers such as Kamailio refuse to register others',
  semicolon: 'must not contain a semicolon: SIP servers such as Kamailio refuse to register others',
  'quote-at-or-colon': 'must not contain ", @ or a colon: SIP servers such as Kamailio refuse to register such names',
  backslash: 'must not contain a backslash: Linphone 5.1 cannot sign in to fetch its document with such a name',
  'not-a-regular-expression':
    'must be a regular expression that looks neither ahead nor back and repeats nothing thousands of times',
  'not-a-realm': 'must not contain a colon',
  'quote-in-realm': 'must not contain quotation marks or backslashes; quotation marks around it are removed',
  'not-a-phone-number': withFacts(
    ({ example, dialled }: { example: string; dialled?: string }) =>
      dialled === undefined
        ? `must be a phone number with its country code, such as ${example}; the space's phone_country allows numbers without one`
        : `must be a phone number, such as ${dialled} or ${example}`,
    { example: '+33601020304' },
  ),

  'not-a-country': 'must be the two-letter code of a country (ISO 3166), such as FR',
  'not-a-time-zone': 'must be the name of a time zone, such as Europe/Berlin',
  'not-a-mailbox': 'must be one mail address, such as alice@example.com',
  'not-an-smtp-url':
    'must be smtp://user:password@host:587, with ?tls=optional where the server has no TLS, or smtps://user:password@host',
  'not-an-smtp-port': withFacts(
    ({ ports }: { ports: readonly number[] }) => `must have one of the ports ${ports.join(', ')}`,
    {
      ports: [25, 465, 587, 2525],
    },
  ),
  'unknown-placeholder': withFacts(
    ({ placeholder, known }: { placeholder: string; known: readonly string[] }) =>
      `must not contain ${quoteText(placeholder)}; what it may contain is ${known.join(', ')}`,
    { placeholder: '{first_name}', known: ['{name}', '{link}'] },
  ),

  empty: 'is empty',
  'not-ascii': withFacts(({ ascii }: { ascii: string }) => `may contain only ASCII characters, here ${ascii}`, {
    ascii: 'xn--bcher-kva.example',
  }),
  'not-letters-of-a-domain': 'may contain only letters, digits, dots and hyphens',
  'not-lower-case': 'must be in lower case',
  'brackets-missing': withFacts(
    ({ address }: { address: string }) => `must have brackets around an IPv6 address: [${address}]`,
    { address: '2001:db8::1' },
  ),
  'not-ipv6': 'is not an IPv6 address',
  'not-an-ip-address': 'must be an IP address, such as 192.0.2.7',
  'not-a-bare-domain': 'must be a bare domain, without "sip:", user, port or parameters',
  'not-a-host-name': 'is neither an IP address nor a domain name',
  'not-a-domain-name': 'is not a domain name',

  'angle-brackets': `must be written without angle brackets, for example ${exampleUri}`,
  sips: `must begin with "sip:" and request encryption as in ${exampleUri}`,
  'not-sip': withFacts(
    ({ meant }: { meant?: string | undefined }) =>
      `must begin with "sip:", ${meant === undefined ? `for example ${exampleUri}` : `here ${meant}`}`,
    { meant: 'sip:pbx.example.com' },
  ),
  'with-user': `must name a host without a user, for example ${exampleUri}`,
  'not-a-port': 'must have a port from 1 to 65535 after the colon, or none',
  'not-a-transport': 'may have only one parameter: ;transport=udp, ;transport=tcp or ;transport=tls',
  'not-host-and-port': 'must be a host name, or host:port',
  'not-a-sip-server': 'must be a host, host:port or SIP URI without user, such as sip.example.com:5061',
  'not-a-turn-server':
    'must be a host in lower case, host:port, or a URI such as turn:turn.example.com:3478?transport=udp',
  'tls-needed': withFacts(
    ({ server }: { server?: string }) =>
      `must be TLS for ${server === undefined ? 'that server' : quoteText(server)}; or write sip: instead of sips:`,
    { server: 'sips:sip.example.com' },
  ),
} as const satisfies Record<string, ComplaintEntry>;

function described(charCode: number): string {
  const hex = `U+${charCode.toString(16).toUpperCase().padStart(4, '0')}`;
  if (charCode >= 0xfffe) return `the noncharacter ${hex}`;
  return charCode >= 0xd800 ? `an unpaired surrogate (${hex})` : `control characters (${hex})`;
}
