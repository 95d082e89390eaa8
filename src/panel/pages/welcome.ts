import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { setPublicUrlAndCode, undoPublicUrl } from '../../administration/set-public-url.ts';
import type { App } from '../../app.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import { mailboxText } from '../../spaces/mail-settings.ts';
import { ensureCode } from '../../tokens/ensure-code.ts';
import { addressStep, undoAddress } from '../parts/address-step.ts';
import { mailServerShape } from '../parts/mail-server-fields.ts';
import { type MailStepNews, mailStep } from '../parts/mail-step.ts';
import { sentPassword, withPasswordAgain } from '../parts/password-again.ts';
import { phoneStep } from '../parts/phone-step.ts';
import { mistakesOf } from '../parts/refusal.ts';
import { shownShape } from '../parts/shown-values.ts';
import { type Reader, readerOf } from '../reader.ts';
import type { Asked } from '../view.ts';
import { questionLine, wizardPage } from '../wizard.ts';
import { takeMailStep } from './welcome-mail.ts';

const steps = ['address', 'phone', 'mail'] as const;
type Step = (typeof steps)[number];

const sentShape = Type.Object({
  step: Type.Optional(Type.Enum(steps)),
  action: Type.Optional(Type.Enum(['continue', 'later', 'issue', 'undo'])),
  public_url: Type.Optional(Type.String({ maxLength: 300 })),
  ...mailServerShape,
  mail_from: Type.Optional(Type.String(mailboxText)),
  ...shownShape(['public_url', 'mail_from']),
  email: Type.Optional(Type.String(mailboxText)),
  current_password: sentPassword,
});
type Sent = Static<typeof sentShape>;

export const showWelcome = endpoint({
  summary: 'Show what is to be done after the setup: the address for phones, a test phone, mail',
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const query = queryOf(request);
    const step = steps.find((each) => each === query.get('step')) ?? 'address';
    const ended = Number(query.get('ended') ?? 0);
    return sendPage(reply, await stepPage(app, readerOf(app, request, reply), caller, { step, ended }));
  },
});

export const submitWelcome = endpoint({
  summary: 'Take or put off one of these steps; a code is made for the test phone',
  form: sentShape,
  produces: ['text/html'],
  async handle({ app, caller, body, request, reply }) {
    const sent: Sent = requireShape(sentShape, body);
    const { step = 'address', action = 'continue', public_url: value } = sent;
    if (action === 'undo') {
      await undoPublicUrl(app, actorOf(caller), value ?? '');
      return seeOther(app, reply, '/admin/welcome');
    }
    if (step === 'phone' && action !== 'issue') return seeOther(app, reply, '/admin/welcome?step=mail');
    const reader = readerOf(app, request, reply);
    if (step === 'mail' && action === 'continue') {
      const mail = await takeMailStep({ app, caller, request, reply }, reader, sent);
      if (mail !== undefined) {
        const page = await stepPage(app, reader, caller, { step, mail });
        return sendPage(reply, mail.reply?.taken === true ? page : { ...page, status: 422 });
      }
    }
    if (step === 'mail') return seeOther(app, reply, '/admin');
    // Somebody else has changed the address that the form showed, and it was not edited.
    const isOutdated = value === sent.was_public_url && value !== app.publicUrl;
    if (step === 'address' && action === 'continue' && value !== undefined && !isOutdated) {
      const mistakes = await mistakesOf(reader, () => setAddress({ app, caller, request, reply }, sent, value));
      if (mistakes !== undefined) {
        const page = await stepPage(app, reader, caller, { step, value, shownUrl: sent.was_public_url, mistakes });
        return sendPage(reply, { ...page, status: 422 });
      }
    } else await ensureCode(app, actorOf(caller), caller);
    return seeOther(app, reply, '/admin/welcome?step=phone');
  },
});

function setAddress(asked: Asked, sent: Sent, url: string): Promise<void> {
  return withPasswordAgain(asked, sent.current_password, (by) => setPublicUrlAndCode(asked.app, actorOf(by), url, by));
}

interface Shown {
  readonly step: Step;
  /** How many passwords the new domain ended. */
  readonly ended?: number;
  readonly value?: string;
  /** The address that the form showed when it was opened. */
  readonly shownUrl?: string | undefined;
  readonly mail?: MailStepNews;
  readonly mistakes?: Mistakes;
}

async function stepPage(app: App, reader: Reader, caller: Caller, shown: Shown): Promise<Page> {
  const { t } = reader;
  const { step, ended = 0 } = shown;
  const { title, lead, main } =
    step === 'address'
      ? addressStep(app, reader, caller, shown)
      : step === 'phone'
        ? await phoneStep(app, reader, caller)
        : mailStep(app, reader, caller, shown.mail);
  const body = html`!${questionLine(reader, step)}
<h1>${title}</h1>
<p class="lead">!${lead}</p>
!${ended > 0 ? html`<p class="banner warn">${t('welcome.ended', { count: ended })}</p>` : ''}
!${undoAddress(app, reader)}
!${main}
!${shown.mail?.reply?.taken === true ? '' : laterForm(reader, step)}`;
  return wizardPage(reader, caller, { title, main: body });
}

/** Returns a separate form, because inside the form of the step the Enter key could press this button. */
function laterForm({ t }: Reader, step: Step): string {
  return html`<form method="post" class="put-off"><input type="hidden" name="step" value="${step}"><button class="word" name="action" value="later">${t('welcome.later')}</button></form>`;
}
