import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { invalidFields } from '../../errors.ts';
import { composeSmtpUrl, parseSmtpUrl, type SmtpServer } from '../../lib/smtp-url.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import type { MessageKey } from '../../locale/translate.ts';
import { smtpUrlText } from '../../spaces/mail-settings.ts';
import type { Reader } from '../reader.ts';
import { field } from './field.ts';

/** The form fields of a mail server. Scripts may send `smtp_url` instead. */
export const mailServerShape = {
  smtp_url: Type.Optional(Type.String({ ...smtpUrlText, 'x-verbatim': true })),
  smtp_host: Type.Optional(Type.String({ ...smtpUrlText, 'x-verbatim': true })),
  smtp_port: Type.Optional(Type.String({ maxLength: 5 })),
  smtp_security: Type.Optional(Type.String({ maxLength: 10 })),
  smtp_user: Type.Optional(Type.String(smtpUrlText)),
  smtp_password: Type.Optional(Type.String({ ...smtpUrlText, 'x-verbatim': true })),
};
const wholeShape = Type.Object(mailServerShape);
export type SentMailServer = Static<typeof wholeShape>;

const securities = [
  ['starttls', 'mailServer.starttls'],
  ['tls', 'mailServer.tls'],
  ['optional', 'mailServer.optional'],
] as const satisfies readonly (readonly [SmtpServer['security'], MessageKey])[];
const ports = ['587', '465', '25', '2525'];

/**
 * Returns the URL of the mail server in the form's fields; empty if they name none, or the `stored` one without its
 * password, which the form does not show again. Throws if the password of another server is missing: its mails would
 * all be refused.
 */
export function sentSmtpUrl(sent: SentMailServer, stored: string | null): string {
  const { smtp_url = '', smtp_host = '', smtp_port, smtp_security, smtp_user = '', smtp_password = '' } = sent;
  if (smtp_url !== '') return smtp_url;
  if (isSmtpUrl(smtp_host)) return smtp_host;
  if (smtp_host === '') return smtp_user === '' && smtp_password === '' ? '' : 'smtp://';
  const [security] = securities.find(([each]) => each === smtp_security) ?? securities[0];
  const usual = security === 'tls' ? 465 : 587;
  const port = smtp_port === undefined || smtp_port === '' ? usual : Number(smtp_port);
  const server = { host: smtp_host, port, security, user: smtp_user || null, password: smtp_password };
  if (server.user === null || server.password !== '') return composeSmtpUrl(server);
  if (stored !== null && isSameServer(parseSmtpUrl(stored), server)) return '';
  throw invalidFields({ smtp_password: [{ code: 'required' }] });
}

function isSameServer(stored: SmtpServer | undefined, { host, port, security, user }: SmtpServer): boolean {
  return stored?.host === host && stored.port === port && stored.security === security && stored.user === user;
}

/** Returns whether the text is a whole URL, as some providers give it. The other fields are then not needed. */
function isSmtpUrl(text: string): boolean {
  return /^smtps?:\/\//i.test(text);
}

/** Returns the fields of a mail server with the typed values. A password is never shown again. */
export function mailServerFields(
  { t }: Pick<Reader, 't'>,
  of: {
    readonly hint: string;
    readonly sent?: SentMailServer | undefined;
    readonly mistakes?: Mistakes | undefined;
    readonly isRequired?: boolean;
  },
): string {
  const { hint, sent = {}, mistakes } = of;
  // The host is not filled in if it is a URL, because that may contain a password.
  const { smtp_host: host = '' } = sent;
  const literal = 'autocomplete="off" autocapitalize="none" spellcheck="false"';
  const options = (chosen: string | undefined, all: readonly (readonly [value: string, name: string])[]) =>
    all
      .map(([value, name]) => html`<option value="${value}"!${value === chosen ? ' selected' : ''}>${name}</option>`)
      .join('');
  const isLost = isSmtpUrl(host);
  const wasTyped = (sent.smtp_password ?? '') !== '';
  return html`!${field({
    name: 'smtp_host',
    label: t('mailServer.host'),
    hint: html`${hint}${isLost ? ` ${t('mailServer.addressAgain')}` : ''}`,
    attributes: html`value="${isLost ? '' : host}" maxlength="1000" inputmode="url"!${of.isRequired === true ? ' required' : ''} placeholder="mail.example.com" !${literal}`,
    mistakes: mistakes?.smtp_url ?? [],
  })}
!${field({
    name: 'smtp_security',
    label: t('mailServer.security'),
    mistakes: [],
    attributes: '',
    options: options(
      sent.smtp_security,
      securities.map(([value, key]) => [value, t(key)]),
    ),
  })}
!${field({
    name: 'smtp_port',
    label: t('mailServer.port'),
    mistakes: [],
    attributes: '',
    options: options(sent.smtp_port, [['', t('mailServer.usualPort')], ...ports.map((port) => [port, port] as const)]),
  })}
!${field({ name: 'smtp_user', label: t('mailServer.user'), mistakes: [], attributes: html`value="${sent.smtp_user ?? ''}" maxlength="300" !${literal}` })}
!${field({
    name: 'smtp_password',
    label: t('mailServer.password'),
    mistakes: mistakes?.smtp_password ?? [],
    hint: html`${t(wasTyped ? 'form.passwordAgain' : 'mailServer.passwordHint')}`,
    attributes: 'type="password" maxlength="300" autocomplete="off" spellcheck="false"',
  })}`;
}
