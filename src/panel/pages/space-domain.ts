import { html } from 'ghtml';
import { Type } from 'typebox';
import type { Caller } from '../../access/caller.ts';
import { managedSpaceAt } from '../../access/managed-account.ts';
import { updateSpaceFor } from '../../administration/update-space.ts';
import type { AppError } from '../../errors.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import type { Space } from '../../spaces/space.ts';
import { spaceChangesShape } from '../../spaces/space-fields.ts';
import { field } from '../parts/field.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { spacePath } from '../parts/space-pages.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const form = Type.Object({ domain: Type.Optional(Type.String({ maxLength: 400 })) });

export const showSpaceDomain = endpoint({
  params: ['domain'],
  summary: 'Show what follows from another domain of a space, and ask for it',
  produces: ['text/html'],
  handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    return sendPage(reply, domainPage(readerOf(app, request, reply, space), caller, { space, typed: '' }));
  },
});

export const submitSpaceDomain = endpoint({
  params: ['domain'],
  summary: 'Give a space another domain, which ends its passwords unless it has a realm',
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const { domain: typed = '' } = requireShape(form, body);
    const { done, refusal: error } = await tryChange(() => {
      const changes = requireShape(spaceChangesShape, { domain: typed, confirm: true });
      return updateSpaceFor(app, caller, space, changes);
    });
    if (error === undefined) return seeOther(app, reply, `${spacePath(done.space)}?done=domain`);
    return sendPage(reply, domainPage(readerOf(app, request, reply, space), caller, { space, typed, error }));
  },
});

interface Shown {
  readonly space: Space;
  readonly typed: string;
  readonly error?: AppError;
}

function domainPage(reader: Reader, caller: Caller, { space, typed, error }: Shown): Page {
  const { t, prefix } = reader;
  const label = t('domain.new');
  const endsOwn = space.realm === null && space.id === caller.space.id;
  const passwords = space.realm === null ? t('domain.passwordsEnd') : t('domain.passwordsStay', { realm: space.realm });
  const main = html`!${refusalBanner(reader, error)}
<ul class="points">
<li>${t('domain.addresses', { domain: space.domain })}</li>
<li>${passwords}!${endsOwn ? html` <b>${t('domain.ownPassword')}</b>` : ''}</li>
<li>${t('domain.codesStay')}</li>
<li>${t('domain.server')}</li>
<li>${t('domain.onlyUnused')}</li>
</ul>
<form method="post">
!${field({
    name: 'domain',
    label,
    attributes: html`value="${typed}" required autocomplete="off" autocapitalize="none" spellcheck="false"`,
    mistakes: mistakesIn(t, error)?.domain ?? [],
  })}
<div class="buttons"><button class="button">${t('domain.change')}</button><a class="word soft" href="${prefix}${spacePath(space)}">${t('form.cancel')}</a></div>
</form>`;
  const back = { path: spacePath(space), name: space.name };
  const page = { title: t('domain.title', { name: space.name }), place: spacePath(space), space, back, main };
  return { html: shell(reader, caller, page), ...statusOf(error) };
}
