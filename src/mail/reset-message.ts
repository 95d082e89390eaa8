import { html } from 'ghtml';
import type { Language } from '../lib/languages.ts';
import { translator } from '../locale/translate.ts';
import type { Space } from '../spaces/space.ts';
import { page, paragraphs } from './invitation-message.ts';
import { headerName, type MailMessage } from './message.ts';

/** The content of a mail with a link to a new password. */
export interface PasswordReset {
  readonly username: string;
  readonly space: Space;
  readonly language: Language;
  readonly link: string;
}

export function resetContent({
  username,
  space,
  language,
  link,
}: PasswordReset): Pick<MailMessage, 'subject' | 'text' | 'html'> {
  const t = translator(language);
  const why = t('mail.resetIntroduction', { address: `${username}@${space.domain}` });
  const otherwise = t('mail.resetOtherwise');
  return {
    subject: headerName(t('mail.resetSubject', { space: space.name })),
    text: `${[why, link, otherwise].join('\n\n')}\n`,
    html: page(
      language,
      html`!${paragraphs(why)}<p><a href="${link}" style="word-break:break-all">${link}</a></p>!${paragraphs(otherwise)}`,
    ),
  };
}
