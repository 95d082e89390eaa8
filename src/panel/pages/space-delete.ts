import { html } from 'ghtml';
import { Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { managedSpaceAt } from '../../access/managed-account.ts';
import { removeSpace, type SpaceHoldings, spaceHoldings } from '../../administration/remove-space.ts';
import type { App } from '../../app.ts';
import { type AppError, invalidFields } from '../../errors.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import type { Space } from '../../spaces/space.ts';
import { field } from '../parts/field.ts';
import { passwordAgainField, sentPassword, withPasswordAgain } from '../parts/password-again.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { spacePath } from '../parts/space-pages.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const form = Type.Object({
  domain: Type.Optional(Type.String({ maxLength: 400 })),
  current_password: sentPassword,
});

export const showSpaceDeletion = endpoint({
  params: ['domain'],
  summary: 'Show what ends with a space, and ask for its name',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const holdings = await spaceHoldings(app, space);
    return sendPage(
      reply,
      deletionPage(app, readerOf(app, request, reply, space), caller, { space, holdings, typed: '' }),
    );
  },
});

export const submitSpaceDeletion = endpoint({
  params: ['domain'],
  summary: 'Delete a space and all its accounts; the form repeats its domain',
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const { domain: typed = '', current_password: password } = requireShape(form, body);
    const { refusal } = await tryChange(() => {
      requireRepeated(typed, space);
      return withPasswordAgain({ app, caller, request, reply }, password, (by) =>
        removeSpace(app, actorOf(by), space.domain, { withAccounts: true }),
      );
    });
    if (refusal === undefined) return seeOther(app, reply, '/admin/spaces?done=delete');
    const shown = { space, holdings: await spaceHoldings(app, space), typed, refusal };
    return sendPage(reply, deletionPage(app, readerOf(app, request, reply, space), caller, shown));
  },
});

function requireRepeated(typed: string, { domain: wanted }: Space): void {
  if (typed.toLowerCase() !== wanted) throw invalidFields({ domain: [{ code: 'not-repeated', wanted }] });
}

interface Shown {
  readonly space: Space;
  readonly holdings: SpaceHoldings;
  readonly typed: string;
  readonly refusal?: AppError | undefined;
}

function deletionPage(app: App, reader: Reader, caller: Caller, shown: Shown): Page {
  const { t, prefix } = reader;
  const { space, holdings, typed, refusal } = shown;
  const { accounts, devices } = holdings;
  const mistakes = mistakesIn(t, refusal);
  // The password has not been looked at yet.
  const isMistyped = mistakes?.domain !== undefined;
  const main = html`!${refusalBanner(reader, refusal)}
<ul>
<li>${t('space.endsAccounts', { accounts })}</li>
<li>${t('space.endsDevices', { devices })}</li>
<li>${t('space.endsRest')}</li>
<li>${t('space.stays')}</li>
</ul>
<form method="post">
!${field({
    name: 'domain',
    label: t('space.typeName', { domain: space.domain }),
    attributes: html`value="${typed}" autocomplete="off" autocapitalize="none" spellcheck="false"`,
    mistakes: mistakes?.domain ?? [],
  })}
!${passwordAgainField(reader, caller, { now: app.now(), mistakes: isMistyped ? undefined : mistakes })}
<div class="buttons"><button class="button ending">${t('space.deleteWith', { accounts })}</button><a class="word soft" href="${prefix}${spacePath(space)}">${t('form.cancel')}</a></div>
</form>`;
  const page = {
    title: t('space.deleteTitle', { name: space.name }),
    place: spacePath(space),
    space,
    back: { path: spacePath(space), name: space.name },
    main,
  };
  return { html: shell(reader, caller, page), ...statusOf(refusal) };
}
