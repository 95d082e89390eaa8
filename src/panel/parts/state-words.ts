import { html } from 'ghtml';
import { forever, mailFailure, type StateFacts } from '../../accounts/account-state.ts';
import type { ListedAccount } from '../../administration/account-list.ts';
import { refusals } from '../../events/event.ts';
import type { Reader } from '../reader.ts';
import { unsentText } from './mail-state.ts';
import { shape } from './shape.ts';
import { shortMoment } from './short-moment.ts';

/** Returns the state of an account as a shape and a word, with its time or reason below. */
export function stateWords(reader: Reader, { state, devices }: Omit<ListedAccount, 'account'>, now: number): string {
  const { t } = reader;
  const isMail = state.state === 'failed' && (state.failure ?? '').startsWith(mailFailure);
  const isSignedOut = state.state === 'active' && devices.count === 0;
  const word = isMail ? t('state.mailFailed') : t(isSignedOut ? 'state.noPhone' : `state.${state.state}`);
  const detail = detailOf(reader, state, devices.lastSeenAt, now);
  return html`<span class="state" data-state="${state.state}">!${shape(isSignedOut ? 'never' : state.state)}${word}</span>!${detail === '' ? '' : html` <span class="second">!${detail}</span>`}`;
}

function detailOf(reader: Reader, state: StateFacts, lastSeenAt: number | null, now: number): string {
  const { t } = reader;
  const when = (at: number) => shortMoment(reader, at, now);
  switch (state.state) {
    case 'blocked':
      return sentence(t('state.since', mark), when(state.blockedAt ?? now));
    case 'failed':
      return sentence(
        t('state.because', { reason: failureWords(reader, state.failure ?? ''), ...mark }),
        when(state.failedAt ?? now),
      );
    case 'active':
      return sentence(
        t(lastSeenAt === null ? 'state.usedAt' : 'state.lastSeen', mark),
        when(lastSeenAt ?? state.usedAt ?? now),
      );
    case 'waiting':
      return state.codeEndsAt === null || state.codeEndsAt === forever
        ? html`${t('state.forever')}`
        : sentence(t('state.until', mark), when(state.codeEndsAt));
    case 'never':
      return state.codeEndedAt === null ? '' : sentence(t('state.codeEnded', mark), when(state.codeEndedAt));
  }
}

/** A placeholder for the time, which is HTML and must be inserted after the words were escaped. */
const mark = { time: '\u0000' };

function sentence(words: string, time: string): string {
  return html`${words}`.replace(mark.time, () => time);
}

function failureWords({ t }: Reader, failure: string): string {
  if (failure.startsWith(mailFailure)) return unsentText(t, failure.slice(mailFailure.length)).replace(/\.$/, '');
  if (failure === 'lost') return t('failure.lost');
  const known = refusals.find((each) => each === failure);
  return known === undefined ? failure : t(`failure.${known}`);
}

/** Returns in words the reason why several accounts failed. */
export function reasonWords(reader: Reader, failure: string): string {
  if (failure.startsWith(mailFailure)) return reader.t('state.mailFailed');
  const words = failureWords(reader, failure);
  return `${words.charAt(0).toLocaleUpperCase(reader.language)}${words.slice(1)}`;
}

/** Returns why and when an account failed, as HTML, and what helps: a word, and a path below that of the account. */
export function attentionWords(
  reader: Reader,
  { state }: Pick<ListedAccount, 'state'>,
  now: number,
): { readonly reason: string; readonly action: string; readonly path: string } {
  const { t } = reader;
  const failure = state.failure ?? '';
  const reason = sentence(
    t('state.because', { reason: failureWords(reader, failure), ...mark }),
    shortMoment(reader, state.failedAt ?? now, now),
  );
  if (failure.startsWith(mailFailure)) return { reason, action: t('attention.address'), path: '' };
  if (failure === 'too-many-devices') return { reason, action: t('attention.phones'), path: '/devices' };
  return { reason, action: t('code.new'), path: '/provisioning' };
}
