import { html } from 'ghtml';
import type { Account } from '../accounts/account.ts';
import type { Language } from '../lib/languages.ts';
import { fillPlaceholders } from '../lib/placeholders.ts';
import { qrPng } from '../lib/qr-code.ts';
import { momentText, ownTimeZone } from '../locale/moment-text.ts';
import { translator } from '../locale/translate.ts';
import { logoOf } from '../spaces/logo.ts';
import type { Space } from '../spaces/space.ts';
import { headerName, type MailMessage, type MailPicture } from './message.ts';

/** The content and recipient of a mail with a code. */
export interface Invitation {
  readonly account: Pick<Account, 'username' | 'displayName'>;
  readonly space: Space;
  readonly language: Language;
  /** The URL in the code. Browsers get the page of the code there. */
  readonly link: string;
  /** null means until the code is used. */
  readonly expiresAt: number | null;
}

const pictureId = 'code@ringup';
const logoId = 'logo@ringup';

/** Returns the text of the mail, the QR code and the logo of the space. The mail loads nothing from other servers. */
export function invitationContent(
  invitation: Invitation,
): Pick<MailMessage, 'subject' | 'text' | 'html' | 'attachments'> {
  const { space, link, language } = invitation;
  const t = translator(language);
  const words = wordsOf(invitation);
  const steps = [t('mail.stepInstall'), t('mail.stepOpen'), t('mail.stepReady')];
  const notes = [words.validity, t('mail.keep'), ...words.contact];
  const text = [
    words.introduction,
    link,
    steps.map((step, index) => `${index + 1}. ${step}`).join('\n'),
    ...notes,
  ].join('\n\n');
  const code = { filename: 'code.png', content: Buffer.from(qrPng(link)), contentType: 'image/png', cid: pictureId };
  const logo = logoPicture(space);
  return {
    subject: headerName(t('mail.subject', { space: space.name })),
    text: `${text}\n`,
    html: page(
      language,
      html`!${logo === undefined ? '' : html`<p><img src="cid:${logoId}" height="40" alt="${space.name}"></p>`}!${paragraphs(words.introduction)}
<p><a href="${link}" style="font-size:17px;font-weight:600;color:#0a6a55">${t('mail.link')}</a><br><a href="${link}" style="color:#55625c;word-break:break-all">${link}</a></p>
<ol>!${steps.map((step) => html`<li style="margin:0 0 8px">${step}</li>`)}</ol>
<p><img src="cid:${pictureId}" width="232" height="232" alt="${t('mail.picture')}" style="background:#fff"></p>
!${notes.map((note) => html`<p style="color:#55625c">${note}</p>`)}`,
    ),
    attachments: [{ ...code, contentDisposition: 'inline' }, ...(logo === undefined ? [] : [logo])],
  };
}

function logoPicture(space: Space): MailPicture | undefined {
  const logo = logoOf(space);
  if (logo === undefined) return undefined;
  const { type, bytes: content } = logo;
  const filename = type === 'image/png' ? 'logo.png' : 'logo.jpg';
  return { filename, content, contentType: type, cid: logoId, contentDisposition: 'inline' };
}

function wordsOf({ account, space, language, link, expiresAt }: Invitation) {
  const t = translator(language);
  const name = headerName(account.displayName ?? account.username);
  const time =
    expiresAt === null ? null : momentText({ language, timeZone: space.timeZone ?? ownTimeZone() }, expiresAt);
  const own = language === 'fr' ? space.mailIntroductionFr : space.mailIntroductionEn;
  const facts = {
    name,
    sip_uri: `sip:${account.username}@${space.domain}`,
    link,
    valid_until: time ?? t('mail.untilUsed'),
    space: space.name,
  };
  return {
    introduction: own === null ? t('mail.introduction', { name, space: space.name }) : fillPlaceholders(own, facts),
    validity: time === null ? t('mail.validOnce') : t('mail.validUntil', { time }),
    contact: space.contactText === null ? [] : [t('mail.contact', { contact: space.contactText })],
  };
}

/** Converts text to HTML. A blank line begins a new paragraph. */
export function paragraphs(text: string): string {
  return text
    .split(/(?:\r?\n){2,}/)
    .map(
      (each) =>
        html`<p>!${each
          .split(/\r?\n/)
          .map((line) => html`${line}`)
          .join('<br>')}</p>`,
    )
    .join('\n');
}

/** Returns the HTML document of a mail. `body` must be escaped. */
export function page(language: Language, body: string): string {
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;padding:16px;font:16px/1.5 system-ui,sans-serif;color:#15201c;background:#fff"><div style="max-width:36em">
!${body}
</div></body></html>
`;
}
