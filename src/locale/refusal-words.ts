import type { DeviceRefusal, Refusal, UnsentReason, VisitorSign } from '../events/event.ts';

/** Why a phone did not receive what it asked for, as the end of a sentence. */
export const refusalWords: Readonly<Record<Refusal | DeviceRefusal, string>> = {
  expired: 'the code had expired',
  used: 'the code had been used',
  'answering-elsewhere': 'another node was answering it at that moment',
  superseded: 'a newer code had been issued',
  revoked: 'the code had been revoked',
  blocked: 'the account is blocked',
  'not-activated': 'the account is not activated',
  'too-many-devices': 'the account has as many devices as the max_devices of its space allows',
  'header-missing': 'the phone did not send the header X-Linphone-Provisioning, which the space requires',
  'hook-failed': 'a hook failed',
  'document-invalid': 'the document would have contained an entry that phones misread',
  busy: 'the account was being changed at that moment',
  'database-unavailable': 'the database could not be used at that moment, as the log says',
  'connection-closed': 'the phone closed the connection before the answer was ready',
  failed: 'an internal error occurred: see the log',
  'foreign-account': "the phone's default account is another one, which the document would overwrite",
  'other-account': 'the phone signed in as another account',
};

/** Why a visitor did not receive the account of a code, as the end of a sentence. */
export const visitorWords: Readonly<Record<VisitorSign, string>> = {
  'accepts-html': 'its Accept names text/html, as that of a browser does',
  'known-program': 'its User-Agent is that of a program that opens links',
  'poses-as-browser': 'it sends what only browsers send, but does not ask for HTML',
  prefetch: 'it says that it fetches the address in advance',
  language: 'it sends Accept-Language, which phones do not',
  range: 'it sends Range, which phones do not',
  referrer: 'it sends Referer, which phones do not',
  image: 'it asks for an image',
};

/** Why a mail server did not receive a mail, as the end of a sentence. */
export const unsentWords: Readonly<Record<UnsentReason, string>> = {
  'no-server': 'no mail server is set',
  'no-mailbox': 'this is not the address of one mailbox',
  'account-blocked': 'the account is blocked',
  'address-changed': 'the account has another mail address now',
  'code-used': 'its code had been used',
  'code-ended': 'its code or link had ended',
  'code-hidden': 'its code cannot be shown again, because RINGUP_SECRET has changed',
  'untrusted-certificate': 'nobody here knows who issued the certificate of the mail server (NODE_EXTRA_CA_CERTS)',
};
