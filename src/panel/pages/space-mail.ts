import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { type Caller, isSuperAdministrator } from '../../access/caller.ts';
import { managedSpaceAt } from '../../access/managed-account.ts';
import { updateSpaceFor } from '../../administration/update-space.ts';
import type { App } from '../../app.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { maxFormBytes } from '../../http/request-size.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import { mailServerOf } from '../../mail/mail-server.ts';
import { introductionFacts, maxIntroductionLength } from '../../spaces/mail-settings.ts';
import type { Space } from '../../spaces/space.ts';
import { type SpaceChanges, spaceChangesShape } from '../../spaces/space-fields.ts';
import { box, field, isTicked, mistakeList, withoutCarriageReturns } from '../parts/field.ts';
import { mailAnswer, statusOfTest, type TestMailNews, tryTestMail } from '../parts/mail-answer.ts';
import { mailServerFields, mailServerShape, sentSmtpUrl } from '../parts/mail-server-fields.ts';
import { passwordAgain, passwordAgainField, sentPassword, withPasswordAgain } from '../parts/password-again.ts';
import { mistakesOf } from '../parts/refusal.ts';
import { editedFields, shownShape, shownValues } from '../parts/shown-values.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import type { SpaceView } from '../view.ts';

const names = ['mail_from', 'mail_reply_to', 'mail_introduction_en', 'mail_introduction_fr'] as const;
const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }));
const form = Type.Object({
  action: Type.Optional(Type.Enum(['save', 'test'])),
  mail_from: text(400),
  mail_reply_to: text(400),
  mail_introduction_en: text(4000),
  mail_introduction_fr: text(4000),
  ...mailServerShape,
  ...shownShape(names),
  no_smtp_url: box,
  current_password: sentPassword,
});
type MailForm = Static<typeof form>;

interface Shown extends TestMailNews {
  readonly values?: MailForm;
  readonly mistakes?: Mistakes | undefined;
  readonly isSaved?: boolean;
}

export const showSpaceMail = endpoint({
  params: ['domain'],
  summary: 'Show how mails of a space are sent',
  produces: ['text/html'],
  handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const isSaved = queryOf(request).has('saved');
    return sendPage(reply, mailPage({ app, reader: readerOf(app, request, reply, space), caller, space }, { isSaved }));
  },
});

export const submitSpaceMail = endpoint({
  params: ['domain'],
  summary: 'Change how mails of a space are sent, or send a test mail',
  form,
  produces: ['text/html'],
  // Two introductions, each also as the form showed it.
  maxBodyBytes: maxFormBytes(4 * maxIntroductionLength),
  async handle({ app, caller, params, body, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const reader = readerOf(app, request, reply, space);
    const view = { app, reader, caller, space };
    const sent = requireShape(form, body);
    if (sent.action === 'test') return sendPage(reply, await testPage(view));
    const mistakes = await mistakesOf(reader, async () => {
      const changes = requireShape(changesShape, changesOf(caller, space, sent));
      await withPasswordAgain({ app, caller, request, reply }, sent.current_password, (by) =>
        updateSpaceFor(app, by, space, changes),
      );
    });
    if (mistakes === undefined) return seeOther(app, reply, `${spacePath(space, '/mail')}?saved`);
    return sendPage(reply, mailPage(view, { values: sent, mistakes }));
  },
});

const { mail_from, mail_reply_to, mail_introduction_en, mail_introduction_fr, smtp_url } = spaceChangesShape.properties;
const changesShape = Type.Object(
  { mail_from, mail_reply_to, mail_introduction_en, mail_introduction_fr, smtp_url },
  { additionalProperties: false },
);

/**
 * Returns the changes in the form. Missing fields and an empty address change nothing; the page never shows the
 * address.
 */
function changesOf(caller: Caller, space: Space, sent: MailForm): SpaceChanges {
  const smtp_url = isTicked(sent.no_smtp_url) ? '' : sentSmtpUrl(sent, space.smtpUrl);
  const server = isTicked(sent.no_smtp_url) ? { smtp_url: null } : smtp_url === '' ? {} : { smtp_url };
  const edited: Partial<MailForm> = editedFields(sent);
  const texts = names.flatMap((name) =>
    edited[name] === undefined ? [] : [[name, withoutCarriageReturns(edited[name]) || null]],
  );
  return {
    ...Object.fromEntries(texts),
    ...(isSuperAdministrator(caller) ? server : smtp_url === '' ? {} : { smtp_url }),
  };
}

async function testPage(view: SpaceView): Promise<Page> {
  const { app, reader, caller, space } = view;
  const { username, email: to } = caller.account;
  return mailPage(view, await tryTestMail(app, reader, space, { username, to, language: reader.language }));
}

function mailPage(view: SpaceView, shown: Shown): Page {
  const { app, reader, caller, space } = view;
  const { t } = reader;
  const { mistakes } = shown;
  const main = html`!${banner(reader, shown)}
!${
    mistakes === undefined
      ? ''
      : mistakeList(
          reader,
          Object.entries(mistakes).flatMap(([name, all]) =>
            all.map((each) => ({
              label: labelOf(reader, name),
              sentence: each,
              field: name === 'smtp_url' ? 'smtp_host' : name,
            })),
          ),
        )
  }
<p>!${sentBy(app, reader, space)}</p>
<form method="post">
!${fields(reader, space, shown)}
!${isSuperAdministrator(caller) ? serverFields(view, shown) : ''}
<div class="buttons"><button class="button" name="action" value="save">${t('form.save')}</button></div>
</form>
<section><h2>${t('spaceMail.test')}</h2>
<p class="soft">${caller.account.email === null ? t('spaceMail.noAddress') : t('spaceMail.testLine', { address: caller.account.email })}</p>
<form method="post"><button class="button plain" name="action" value="test">${t('spaceMail.testButton')}</button></form></section>`;
  const page = { ...spaceHead(reader, space, '/mail'), line: html`${t('space.mailWhat')}`, main };
  return {
    html: shell(reader, caller, page),
    ...(mistakes === undefined ? statusOfTest(shown) : { status: 422 }),
  };
}

function banner(reader: Reader, shown: Shown): string {
  if (shown.isSaved === true) return html`<p class="banner" role="status">${reader.t('form.saved')}</p>`;
  return mailAnswer(reader, shown);
}

/** Returns which server sends the mails, without its password. */
function sentBy(app: App, { t }: Reader, space: Space): string {
  const sender = mailServerOf(app, space);
  if (sender === undefined) return html`${t('spaceMail.noServer')}`;
  const { server, from } = sender;
  return html`${t('spaceMail.server', { host: server.host, port: String(server.port), from: from.address })}`;
}

function fields(reader: Reader, space: Space, { values, mistakes }: Shown): string {
  const { t } = reader;
  const stored = {
    mail_from: space.mailFrom ?? '',
    mail_reply_to: space.mailReplyTo ?? '',
    mail_introduction_en: space.mailIntroductionEn ?? '',
    mail_introduction_fr: space.mailIntroductionFr ?? '',
  };
  const facts = introductionFacts.map((each) => `{${each}}`).join(', ');
  const rows = names.map((name) => {
    const isText = name.startsWith('mail_introduction');
    const value = (values === undefined ? stored[name] : values[name]) ?? '';
    const of = {
      name,
      label: t(`spaceMail.${name}`),
      hint: html`${isText ? t('spaceMail.introductionHint', { facts }) : t(`spaceMail.${name === 'mail_from' ? 'fromHint' : 'replyHint'}`)}`,
      mistakes: mistakes?.[name] ?? [],
    };
    return isText
      ? field({ ...of, attributes: 'rows="5" maxlength="2000"', lines: value })
      : field({
          ...of,
          attributes: html`value="${value}" autocapitalize="none" spellcheck="false" autocomplete="off"`,
        });
  });
  return [shownValues(stored, values), ...rows].join('\n');
}

function serverFields({ app, reader, caller, space }: SpaceView, { values, mistakes }: Shown): string {
  const { t } = reader;
  const isSet = space.smtpUrl !== null;
  const removes = isTicked(values?.no_smtp_url) ? ' checked' : '';
  const hint = t(isSet ? 'spaceMail.serverIsSet' : 'spaceMail.serverHint');
  return html`<h2>${t('spaceMail.smtp_url')}</h2>
!${mailServerFields(reader, { hint, sent: values, mistakes })}
!${isSet ? html`<div class="check"><input type="checkbox" id="no_smtp_url" name="no_smtp_url" value="true"!${removes}><label for="no_smtp_url">${t('spaceMail.removeServer')}</label></div>` : ''}
!${passwordAgainField(reader, caller, { now: app.now(), mistakes, isOptional: true })}`;
}

function labelOf({ t }: Reader, name: string): string {
  const known = [...names, 'smtp_url' as const].find((each) => each === name);
  if (name === passwordAgain) return t('confirm.password');
  if (name === 'smtp_password') return t('mailServer.password');
  return known === undefined ? name : t(`spaceMail.${known}`);
}
