export type LintSeverity = 'error' | 'warning' | 'note';

export interface LintRule {
  readonly severity: LintSeverity;
  /** What it finds: for the manual. */
  readonly about: string;
  /** What happens on the phone, where a finding does not say it more exactly. */
  readonly effect: string;
  /** How to mend it, where a finding does not say it more exactly. */
  readonly remedy: string;
}

const unreadable = 'No phone gets anything of this text: Ringup does not use one with such a line.';
const dropped = 'The phone cannot read the address, and the account does not register (seen on 5.1).';
const unencrypted = 'Whoever is on the way can read and change what is sent.';

/** All rules by their stable names, in the order of the manual. */
export const lintRules = {
  'line-unreadable': {
    severity: 'error',
    about: 'A line that is neither `[section]` nor `key=value` nor a `#` comment, or a key before the first section.',
    effect: unreadable,
    remedy: 'Write [section], key=value, or # before a comment.',
  },
  'line-skipped': {
    severity: 'warning',
    about: 'A line, or the end of one, that counts for nothing: a `;` comment, text after the `]`.',
    effect: 'None: Ringup leaves it out. In a file on the phone itself it would be read as a key.',
    remedy: 'Begin comments with #, on a line of their own.',
  },
  'name-unusable': {
    severity: 'error',
    about: 'The name of a section or key with characters that no phone reads, or longer than 100.',
    effect: unreadable,
    remedy: 'Use A-Z a-z 0-9 _ . : - only.',
  },
  'control-character': {
    severity: 'error',
    about: 'A control character, such as a tab or a carriage return, in a line or value.',
    effect: 'Linphone writes values raw into its own file: a line break in one becomes new keys at its next start.',
    remedy: 'Take the character out; lines end with LF or CR-LF.',
  },
  'value-too-long': {
    severity: 'error',
    about: '`key=value` of more than 16,000 bytes.',
    effect: 'Linphone cuts lines at about 16 KiB, so the phone would keep half a value.',
    remedy: 'Shorten the value, or give the phone an address to fetch it from.',
  },
  'not-utf8': {
    severity: 'error',
    about: 'A file that is not UTF-8.',
    effect: unreadable,
    remedy: 'Save the file as UTF-8.',
  },
  'key-repeated': {
    severity: 'warning',
    about: 'A key that stands twice in its section.',
    effect: 'The last of them counts.',
    remedy: 'Keep one of the two.',
  },
  'unknown-section': {
    severity: 'warning',
    about: 'A section that no known Linphone reads; names that begin with `x-` or `x_` are taken as your own.',
    effect: 'The phone stores it and does nothing with it.',
    remedy: 'Correct the name, or take the section out.',
  },
  'unknown-key': {
    severity: 'warning',
    about:
      'A key that no known Linphone reads in this section; names that begin with `x-` or `x_` are taken as your own.',
    effect: 'The phone stores it and does nothing with it.',
    remedy: 'Correct the name, or take the key out.',
  },
  'documentation-only': {
    severity: 'warning',
    about: 'A key that stands in public documentation, but that neither liblinphone nor any of the apps reads.',
    effect: 'The phone stores it and does nothing with it.',
    remedy: 'Take the key out.',
  },
  'deprecated-key': {
    severity: 'warning',
    about: 'A key whose place another one has taken.',
    effect: 'Old versions read it; newer ones may look at the other key alone.',
    remedy: 'Use the newer key.',
  },
  'old-versions-only': {
    severity: 'note',
    about: 'A key that 5.1 reads and 5.6 does not.',
    effect: 'Newer phones store it and do nothing with it.',
    remedy: 'Keep it only as long as such old phones are in use.',
  },
  'wrong-type': {
    severity: 'error',
    about: 'A value that is no number, address or range where one is needed: `true` in place of `1`.',
    effect: 'Linphone reads the digits that a value begins with; where there are none it reads 0.',
    remedy: 'Write a value of the right kind.',
  },
  'trailing-text': {
    severity: 'warning',
    about: 'A number with something behind it: a unit, or a comment.',
    effect: 'Linphone reads the digits at the beginning and ignores the rest.',
    remedy: 'Leave the number alone on its line; comments have lines of their own.',
  },
  'value-out-of-range': {
    severity: 'warning',
    about: 'A number outside of what makes sense for the key.',
    effect: 'The phone may use a value of its own in its place, or not work as meant.',
    remedy: 'Choose a value within the range.',
  },
  'value-not-allowed': {
    severity: 'error',
    about: 'A word that is none of those the key can be set to.',
    effect: 'The phone does not know the word, and does what it does without the key.',
    remedy: 'Choose one of the words that are allowed.',
  },
  'identity-malformed': {
    severity: 'error',
    about: '`reg_identity` without `sip:` or user, or with a display name that is not quoted or escaped right.',
    effect: 'The phone cannot read the address and drops the account.',
    remedy: 'Write it as "Alice" <sip:alice@sip.example.com>, with \\" for a quote within the name.',
  },
  'registrar-malformed': {
    severity: 'error',
    about: '`reg_proxy` that is no address: `<host>` without `sip:`, brackets that do not match.',
    effect: dropped,
    remedy: 'Write it as <sip:sip.example.com;transport=tls>.',
  },
  'registrar-loose': {
    severity: 'warning',
    about: '`reg_proxy` without `sip:` or without angle brackets.',
    effect:
      '5.1 makes up for it and registers, by UDP where no transport is named; other versions have not been tried.',
    remedy: 'Write it as <sip:sip.example.com;transport=tls>.',
  },
  'route-malformed': {
    severity: 'warning',
    about: '`reg_route` with something that is not `<sip:host>`.',
    effect: 'The phone may ignore the outbound proxy.',
    remedy: 'Write it as <sip:sip.example.com;transport=tls>, several with commas.',
  },
  'registrar-missing': {
    severity: 'error',
    about: 'An account (`reg_identity`) without `reg_proxy` in the same section.',
    effect: '5.5 does not register it; 5.1 does so only where proxy_default_values names a registrar.',
    remedy: 'Add reg_proxy to this section.',
  },
  'sips-without-tls': {
    severity: 'error',
    about: 'A `sips:` address with `transport=udp` or `transport=tcp`.',
    effect: `The phone follows the transport and registers without encryption (seen on 5.1). ${unencrypted}`,
    remedy: 'Write sip: with transport=tls.',
  },
  'numbering-hole': {
    severity: 'error',
    about: '`proxy_N`, `auth_info_N` or `config-uri-header_N` with a number left out.',
    effect: 'Linphone reads from 0 to the first number that is missing; all after it does not exist for the phone.',
    remedy: 'Number them from 0 without holes.',
  },
  'numbering-start': {
    severity: 'warning',
    about: '`proxy_N` or `auth_info_N` that begin above 0 in a text that everybody gets.',
    effect: "Only account documents, where Ringup fills number 0, show it to the phone; the base document doesn't.",
    remedy: 'Number them from 0, unless they are meant for account documents only.',
  },
  'depends-on-nothing': {
    severity: 'warning',
    about: '`depends_on` that names the `idkey` of no other account.',
    effect: 'The account registers at once, without waiting for another (seen on 5.1).',
    remedy: 'Name the idkey of another account, or leave depends_on empty.',
  },
  'credentials-replaced': {
    severity: 'error',
    about: 'Two `auth_info_N` with the same username, realm and domain.',
    effect: 'They replace each other in the phone, the last one wins; the other HA1 or password is not there.',
    remedy: 'Put domain into one of the two only, or take one out.',
  },
  'ha1-malformed': {
    severity: 'error',
    about: '`ha1` that is not 32 (MD5) or 64 (SHA-256) digits of lowercase hex.',
    effect: 'The phone answers challenges wrongly, and the registrar refuses it.',
    remedy: 'Write 32 digits 0-9 a-f for MD5 (also where there is no algorithm), 64 for SHA-256.',
  },
  'ha1-without-realm': {
    severity: 'error',
    about: '`ha1` without `realm` in the same section.',
    effect: 'The phone does not find the credentials for the challenge of its registrar.',
    remedy: "Add realm: the registrar's, letter by letter.",
  },
  'secret-in-base': {
    severity: 'error',
    about: 'A password, HA1, token or key in a text that is part of the base document.',
    effect: 'Everybody who asks for /provisioning gets it, without any proof of who they are.',
    remedy: 'Take it out: accounts, external accounts and hooks put secrets into the documents of single accounts.',
  },
  'plain-http': {
    severity: 'warning',
    about: 'An `http://` address.',
    effect: unencrypted,
    remedy: 'Use https://.',
  },
  'settings-hidden': {
    severity: 'note',
    about: 'A key that keeps the user of the app out of its settings.',
    effect: 'The user cannot mend a wrong account or address there; only another document or a new installation can.',
    remedy: 'Nothing, if that is meant; then keep a way to the phone, such as refetch=every-start.',
  },
} as const satisfies Readonly<Record<string, LintRule>>;

export type LintRuleId = keyof typeof lintRules;

/** One thing that a rule found. Line and column count from 1. */
export interface Finding {
  readonly rule: LintRuleId;
  readonly severity: LintSeverity;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly section?: string;
  readonly key?: string;
  readonly message: string;
  readonly effect: string;
  readonly remedy: string;
}
