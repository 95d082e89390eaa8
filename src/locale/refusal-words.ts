import type { DeviceRefusal, Refusal } from '../events/event.ts';

/** Why a phone did not get what it asked for, as the rest of a sentence. */
export const refusalWords: Readonly<Record<Refusal | DeviceRefusal, string>> = {
  expired: 'the code had expired',
  used: 'the code had been used',
  'answering-elsewhere': 'another node was answering it at that moment',
  superseded: 'a newer code had been issued',
  revoked: 'the code had been revoked',
  blocked: 'the account is blocked',
  'not-activated': 'the account is not activated',
  'too-many-devices': 'the account has as many devices as its space allows',
  'header-missing': 'the phone did not send the header X-Linphone-Provisioning, which the space requires',
  'hook-failed': 'a hook failed',
  'document-invalid': 'the document would have contained an entry that phones misread',
  busy: 'the account was being changed at that moment',
  'connection-closed': 'the phone closed the connection before the answer was ready',
  failed: 'an internal error occurred: see the log',
  'foreign-account': "the phone's default account is another one, which the document would overwrite",
  'other-account': 'the phone signed in as another account',
};
