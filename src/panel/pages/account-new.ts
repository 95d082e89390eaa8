import { html } from 'ghtml';
import { actorOf, type Caller } from '../../access/caller.ts';
import { newAccountShape } from '../../accounts/account-fields.ts';
import { givenOrGenerated } from '../../accounts/passwords.ts';
import { createAccount } from '../../administration/create-account.ts';
import type { AppError } from '../../errors.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import type { Space } from '../../spaces/space.ts';
import {
  type AccountForm,
  accountFields,
  accountForm,
  accountMistakes,
  optionalValues,
} from '../parts/account-form.ts';
import { passwordAgain, passwordAgainField, withPasswordAgain } from '../parts/password-again.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace, spaceInView } from '../space-in-view.ts';

export const showNewAccount = endpoint({
  summary: 'Show the form that creates an account',
  produces: ['text/html'],
  handle({ app, caller, request, reply }) {
    const space = spaceInView(app, caller, request);
    return sendPage(reply, formPage(readerOf(app, request, reply, space), caller, { values: {}, space }));
  },
});

export const submitNewAccount = endpoint({
  summary: 'Create an account; without a password, one is generated',
  produces: ['text/html'],
  async handle({ app, caller, body, request, reply }) {
    const sent = requireShape(accountForm, body);
    const { username = '', password } = sent;
    const space = spaceInView(app, caller, request);
    const input = {
      username,
      password: givenOrGenerated(password || undefined, space).password,
      ...optionalValues(sent),
    };
    const { done, refusal } = await tryChange(async () => {
      const fields = requireShape(newAccountShape, input);
      return withPasswordAgain({ app, caller, request, reply }, sent.current_password, (by) =>
        createAccount(app, actorOf(by), space, { fields }),
      );
    });
    if (refusal === undefined) return seeOther(app, reply, `/admin/accounts/${done.account.id}/provisioning`);
    const shown = { values: sent, error: refusal, space, now: app.now() };
    return sendPage(reply, formPage(readerOf(app, request, reply, space), caller, shown));
  },
});

interface Shown {
  readonly values: AccountForm;
  readonly error?: AppError;
  readonly space: Space;
  /** The time at which the form was refused. */
  readonly now?: number;
}

const fieldNames = [
  'display_name',
  'username',
  'email',
  'phone',
  'group',
  'language',
  'note',
  'admin',
  'password',
] as const;

function formPage(reader: Reader, caller: Caller, of: Shown): Page {
  const { t } = reader;
  const { values, error, space, now = 0 } = of;
  const mistakes = mistakesIn(t, error);
  const { [passwordAgain]: again, ...others } = mistakes ?? {};
  const main = html`!${refusalBanner(reader, error)}
!${Object.keys(others).length === 0 ? '' : accountMistakes(reader, others)}
<form method="post">
!${accountFields(reader, fieldNames, { values, mistakes, space })}
!${again === undefined ? '' : passwordAgainField(reader, caller, { now, mistakes })}
<div class="buttons"><button class="button">${t('accounts.add')}</button><a class="word soft" href="${reader.prefix}${inSpace(caller, space, '/admin/accounts')}">${t('form.cancel')}</a></div>
</form>`;
  const page = {
    title: t('accounts.add'),
    place: '/admin/accounts',
    space,
    back: { path: '/admin/accounts', name: t('accounts.title') },
    main,
  };
  return { html: shell(reader, caller, page), ...statusOf(error) };
}
