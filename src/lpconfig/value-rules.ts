import type { LintRule } from './lint-rule.ts';

const dropped = 'The phone cannot read the address, and the account does not register (seen on 5.1).';
const unencrypted = 'Anyone on the network path can read and change what is sent.';

/** Rules about single values and combinations of values. */
export const valueRules = {
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
