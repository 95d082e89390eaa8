import type { Origin } from './document.ts';

export type LintSeverity = 'error' | 'warning' | 'note';

export interface LintRule {
  readonly severity: LintSeverity;
  /** What it finds, for the manual. */
  readonly about: string;
  /** What happens on the phone, unless a finding says it more precisely. */
  readonly effect: string;
  /** How to fix it, unless a finding says it more precisely. */
  readonly remedy: string;
}

const unreadable = 'No phone gets anything from this text: Ringup does not use a text with such a line.';
const dropped = 'The phone cannot read the address, and the account does not register (seen on 5.1).';
const unencrypted = 'Anyone on the network path can read and change what is sent.';

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
    about: 'A line, or the end of one, that has no effect: a `;` comment, or text after the `]`.',
    effect: 'None: Ringup ignores it. In its own file, Linphone reads a line that begins with ; and has a = as a key.',
    remedy: 'Begin comments with #, on separate lines.',
  },
  'tab-indented': {
    severity: 'warning',
    about: 'A tab before the `[` of a section or the `#` of a comment.',
    effect: 'None: Ringup reads it as it looks. In its own file, Linphone adds what follows to the section before.',
    remedy: 'Remove the tab, or use spaces.',
  },
  'name-unusable': {
    severity: 'error',
    about: 'The name of a section or key with characters that no phone reads, or with more than 100 characters.',
    effect: unreadable,
    remedy: 'Use only A-Z a-z 0-9 _ . : -, and in keys also /.',
  },
  'control-character': {
    severity: 'error',
    about: 'A control character, such as a tab or a carriage return, in a line or value.',
    effect: 'Linphone writes values unescaped into its own file: after a line break, new keys begin at the next start.',
    remedy: 'Remove the character; lines end with LF or CR-LF.',
  },
  'value-too-long': {
    severity: 'error',
    about: '`key=value` of more than 16,000 bytes.',
    effect: 'Linphone cuts lines at about 16 KiB, so the phone would keep only a part of the value.',
    remedy: 'Shorten the value, or give the phone an address to fetch it from.',
  },
  'not-a-linphonerc': {
    severity: 'error',
    about: 'A file that is XML, HTML, JSON or binary. Nothing else is said about it.',
    effect: 'No phone gets anything from this file: Ringup reads only linphonerc texts.',
    remedy: 'Write its settings as lines of key=value below a [section].',
  },
  'not-utf8': {
    severity: 'error',
    about: 'A file that is not UTF-8.',
    effect: unreadable,
    remedy: 'Save the file as UTF-8.',
  },
  'key-repeated': {
    severity: 'warning',
    about: 'A key that appears twice in its section.',
    effect: 'The last one wins.',
    remedy: 'Keep only one of them.',
  },
  'key-deleted': {
    severity: 'note',
    about: 'A key without a value: `key=`.',
    effect:
      'The phone deletes its own value and uses the default. In a file on the phone itself, such a line has no effect, and an earlier value stays.',
    remedy: 'Nothing, if that is intended; otherwise remove the line.',
  },
  'unknown-section': {
    severity: 'warning',
    about: 'A section that no known Linphone reads. Names that begin with `x-` or `x_` count as your own.',
    effect: 'The phone stores it but does not use it.',
    remedy: 'Correct the name, or remove the section.',
  },
  'unknown-key': {
    severity: 'warning',
    about: 'A key that no known Linphone reads in this section. Names that begin with `x-` or `x_` count as your own.',
    effect: 'The phone stores it but does not use it.',
    remedy: 'Correct the name, or remove the key.',
  },
  'unknown-app-key': {
    severity: 'note',
    about:
      'A key in `[app]` that is not known and resembles no other. Only apps read this section, also ones built from Linphone.',
    effect: 'The phone stores it but does not use it, unless its app is not the usual one.',
    remedy: 'Nothing, if another app needs it; otherwise remove the key.',
  },
  'documentation-only': {
    severity: 'warning',
    about: 'A key that appears in public documentation, but that neither liblinphone nor any of the apps reads.',
    effect: 'The phone stores it but does not use it.',
    remedy: 'Remove the key.',
  },
  'deprecated-key': {
    severity: 'warning',
    about: 'A key that another one has replaced, and that new versions no longer read.',
    effect: 'Old versions read it; newer ones read only the other key.',
    remedy: 'Use the newer key.',
  },
  'older-name': {
    severity: 'note',
    about: 'A key that another one has replaced, and that all versions still read.',
    effect: 'It works as long as the newer key is not set.',
    remedy: 'Use the newer key.',
  },
  'old-versions-only': {
    severity: 'note',
    about: 'A key that 5.1 reads and 5.6 does not.',
    effect: 'Newer phones store it but do not use it.',
    remedy: 'Keep it only while such old phones are in use.',
  },
  'old-apps-only': {
    severity: 'note',
    about: 'A key that only the apps before version 6 read.',
    effect: 'Newer apps store it but do not use it.',
    remedy: 'Keep it only while such old apps are in use.',
  },
  'wrong-type': {
    severity: 'error',
    about: 'A value that is not a number, address or range, if the key needs one: `true` instead of `1`.',
    effect: 'Linphone reads the digits at the beginning of the value, or 0 if there are none.',
    remedy: 'Use a value of the right type.',
  },
  'trailing-text': {
    severity: 'warning',
    about: 'A number with something after it, such as a unit.',
    effect: 'Linphone reads the digits at the beginning and ignores the rest.',
    remedy: 'Write only the number.',
  },
  'trailing-comment': {
    severity: 'note',
    about: 'A number with a comment after it.',
    effect: 'Linphone reads the number and ignores the rest. After a text, the comment would be part of the value.',
    remedy: 'Put comments on separate lines.',
  },
  'number-misread': {
    severity: 'error',
    about: 'A number that Linphone reads as another one: a leading zero means octal, and what exceeds 32 bits wraps.',
    effect: 'The phone uses the other number.',
    remedy: 'Write it in decimal digits without leading zeros.',
  },
  'value-out-of-range': {
    severity: 'warning',
    about: 'A number outside the range that makes sense for the key.',
    effect: 'The phone may use a value of its own instead, or not work as intended.',
    remedy: 'Choose a value within the range.',
  },
  'value-not-allowed': {
    severity: 'error',
    about: 'A word that is not among the allowed values of the key.',
    effect: 'The phone does not know the word and behaves as if the key were missing.',
    remedy: 'Choose one of the allowed words.',
  },
  'identity-malformed': {
    severity: 'error',
    about: '`reg_identity` without `sip:` or user, or with a display name that is not correctly quoted or escaped.',
    effect: 'The phone cannot read the address and drops the account.',
    remedy: 'Write it as "Alice" <sip:alice@sip.example.com>, with \\" for a quote within the name.',
  },
  'registrar-malformed': {
    severity: 'error',
    about: '`reg_proxy` that is not an address: `<host>` without `sip:`, or brackets that do not match.',
    effect: dropped,
    remedy: 'Write it as <sip:sip.example.com;transport=tls>.',
  },
  'registrar-loose': {
    severity: 'warning',
    about: '`reg_proxy` without angle brackets, or also without `sip:`.',
    effect: 'Linphone corrects it and registers, over UDP if no transport is named (seen on 5.1).',
    remedy: 'Write it as <sip:sip.example.com;transport=tls>.',
  },
  'route-loose': {
    severity: 'warning',
    about: '`reg_route` without angle brackets, or also without `sip:`.',
    effect: 'Linphone corrects it and uses the outbound proxy, over UDP if no transport is named (seen on 5.1).',
    remedy: 'Write it as <sip:sip.example.com;transport=tls>; separate several with commas.',
  },
  'route-malformed': {
    severity: 'warning',
    about: '`reg_route` that is not an address: `<host>` without `sip:`, or brackets that do not match.',
    effect: 'The phone may ignore the outbound proxy.',
    remedy: 'Write it as <sip:sip.example.com;transport=tls>; separate several with commas.',
  },
  'registrar-missing': {
    severity: 'error',
    about: 'An account (`reg_identity`) without `reg_proxy` in the same section.',
    effect: '5.5 does not register it; 5.1 does so only if proxy_default_values names a registrar.',
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
    about: 'A gap in the numbers of sections or keys that Linphone counts, from `proxy_N` to `config-uri-header_N`.',
    effect: 'Linphone reads from 0 to the first missing number and ignores everything after it.',
    remedy: 'Number them from 0 without gaps.',
  },
  'section-unnamed': {
    severity: 'warning',
    about: 'A numbered section without the key that Linphone knows it by, such as `username` in `auth_info_N`.',
    effect: 'The phone does not use the section.',
    remedy: 'Add the key, or remove the section.',
  },
  'reference-to-nothing': {
    severity: 'warning',
    about: '`nat_policy_ref`, `default_proxy` or `stun_server_username` that names something that does not exist.',
    effect: 'The phone behaves as if nothing were named.',
    remedy: 'Add what it names, or leave the key out.',
  },
  'depends-on-nothing': {
    severity: 'warning',
    about: '`depends_on` with an `idkey` that no other account has.',
    effect: 'The account registers at once, without waiting for another (seen on 5.1).',
    remedy: 'Name the idkey of another account, or leave depends_on empty.',
  },
  'ldap-drops-directories': {
    severity: 'warning',
    about: 'A section `ldap_N` beside a `remote_contact_directory_N`, or any LDAP directory beside one of CardDAV.',
    effect: '5.5 makes LDAP its first directory and drops the others, CardDAV included.',
    remedy: 'Keep only one kind: under 5.5, CardDAV is lost beside LDAP however that is written.',
  },
  'credentials-replaced': {
    severity: 'error',
    about: 'Two `auth_info_N` with the same username, realm and domain.',
    effect: 'On the phone, the last one replaces the other, whose HA1 or password is lost.',
    remedy: 'Set domain in only one of them, or remove one.',
  },
  'ha1-malformed': {
    severity: 'error',
    about: '`ha1` that is not 32 (MD5) or 64 (SHA-256) lowercase hex digits.',
    effect: 'The phone answers challenges wrongly, and the registrar rejects it.',
    remedy: 'Write 32 digits 0-9 a-f for MD5 (the default without an algorithm), or 64 for SHA-256.',
  },
  'ha1-without-realm': {
    severity: 'error',
    about: '`ha1` without `realm` in the same section.',
    effect: 'The phone does not find the credentials for the challenge of its registrar.',
    remedy: "Add the registrar's realm, exactly as it sends it.",
  },
  'secret-in-base': {
    severity: 'error',
    about:
      'A password, HA1, token or key, also under a name that only looks like one or within an address, in a text that is part of the base document.',
    effect: 'Anyone who requests /provisioning gets it, without authentication.',
    remedy: 'Remove it: accounts, external accounts and hooks put secrets into the documents of single accounts.',
  },
  'personal-value': {
    severity: 'warning',
    about: 'A value that belongs to one device or person, in a text that others get too.',
    effect: 'Every phone gets it, and takes the place of another phone, or looks for what it does not have.',
    remedy:
      'Remove it: phones make up their own, and accounts, external accounts and hooks add what belongs to one person.',
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
    effect: 'The user cannot fix a wrong account or address there; only another document or a new installation can.',
    remedy: 'Nothing, if that is intended; then keep a way to reach the phone, such as refetch=every-start.',
  },
} as const satisfies Readonly<Record<string, LintRule>>;

export type LintRuleId = keyof typeof lintRules;

/** One finding of a rule. Lines and columns count from 1. Other languages need the quoted `value` and what is `meant`. */
export interface Finding extends Pick<Origin, 'file' | 'line' | 'column'>, Pick<LintRule, 'effect' | 'remedy'> {
  readonly rule: LintRuleId;
  readonly severity: LintSeverity;
  readonly section?: string;
  readonly key?: string;
  readonly message: string;
  readonly value?: string;
  readonly meant?: string;
}
