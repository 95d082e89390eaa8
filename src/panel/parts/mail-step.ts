import { html } from 'ghtml';
import type { Caller } from '../../access/caller.ts';
import type { App } from '../../app.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import type { Reader } from '../reader.ts';
import type { WizardStep } from './address-step.ts';
import { field } from './field.ts';
import { mailAnswer, type TestMailNews } from './mail-answer.ts';
import { mailServerFields, type SentMailServer } from './mail-server-fields.ts';
import { passwordAgainField } from './password-again.ts';
import { shownValues } from './shown-values.ts';

/** The result of the step, and the typed values. */
export interface MailStepNews extends TestMailNews {
  readonly server?: SentMailServer;
  readonly mailFrom?: string | undefined;
  /** The sender that the form showed when it was opened. */
  readonly shownFrom?: string | undefined;
  readonly email?: string | undefined;
  readonly mistakes?: Mistakes | undefined;
}

/** Returns the step about the mail server of the first space. It never shows a URL that may contain a password. */
export function mailStep(app: App, reader: Reader, caller: Caller, news: MailStepNews = {}): WizardStep {
  const { t, prefix } = reader;
  const title = t('welcome.mailTitle');
  const lead = html`${t('welcome.mailLead')}`;
  const answer = mailAnswer(reader, news);
  if (news.reply?.taken === true) {
    const onwards = html`<p class="buttons"><a class="button" href="${prefix}/admin">${t('welcome.continue')}</a></p>`;
    return {
      title,
      lead,
      main: html`!${answer}<p>${t('mailStep.look', { address: news.email ?? '' })}</p>!${onwards}`,
    };
  }
  const { first } = app.spaces;
  const isFixed = app.settings.smtpUrl !== null;
  const main = html`!${answer}<form method="post"><input type="hidden" name="step" value="mail">
!${isFixed ? html`<p class="hint">${t('mailStep.bySetting')}</p>` : serverFields(app, reader, news)}
!${field({
    name: 'email',
    label: t('mailStep.email'),
    hint: html`${t('mailStep.emailHint')}`,
    attributes: html`type="email" value="${news.email ?? caller.account.email ?? ''}" maxlength="300" autocomplete="email"`,
    mistakes: told(news, 'email'),
  })}
!${passwordAgainField(reader, caller, { now: app.now(), mistakes: news.mistakes, isOptional: isFixed || first.smtpUrl !== null })}
<p class="buttons"><button class="button" name="action" value="continue">${t('welcome.continue')}</button></p></form>`;
  return { title, lead, main };
}

function serverFields({ spaces: { first } }: App, reader: Reader, news: MailStepNews): string {
  const { t } = reader;
  const literal = 'autocomplete="off" autocapitalize="none" spellcheck="false"';
  const isSet = first.smtpUrl !== null;
  const hint = t(isSet ? 'spaceMail.serverIsSet' : 'mailStep.serverHint');
  const stored = { mail_from: first.mailFrom ?? '' };
  return html`!${shownValues(stored, { was_mail_from: news.shownFrom })}
!${mailServerFields(reader, { hint, sent: news.server, mistakes: news.mistakes, isRequired: !isSet })}
!${field({
    name: 'mail_from',
    label: t('mailStep.from'),
    hint: html`${t('mailStep.fromHint')}`,
    attributes: html`value="${news.mailFrom ?? first.mailFrom ?? ''}" required maxlength="300" !${literal}`,
    mistakes: told(news, 'mail_from'),
  })}`;
}

function told({ mistakes = {} }: MailStepNews, name: string): readonly string[] {
  return mistakes[name] ?? [];
}
