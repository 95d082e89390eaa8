import type { LintRule } from './lint-rule.ts';

const unreadable = 'No phone gets anything from this text: Ringup does not use a text with such a line.';

/** Rules about lines, sections and keys, whatever their values are. */
export const textRules = {
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
} as const satisfies Readonly<Record<string, LintRule>>;
