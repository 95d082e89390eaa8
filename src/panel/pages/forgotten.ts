import { html } from 'ghtml';
import { Type } from 'typebox';
import { requireOwnPage } from '../../http/own-page.ts';
import { sendPage } from '../../http/page.ts';
import { openEndpoint } from '../../http/route.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { field } from '../parts/field.ts';
import { plainPage } from '../parts/plain-page.ts';
import { readerOf } from '../reader.ts';

const form = Type.Object({ username: Type.Optional(Type.String({ maxLength: 400 })) });

export const showForgotten = openEndpoint({
  summary: 'Show the form that asks for a new password',
  signsIn: true,
  produces: ['text/html'],
  handle({ app, request, reply }) {
    const reader = readerOf(app, request, reply);
    const { t, prefix } = reader;
    const main = html`<p>${t('forgotten.line')}</p>
<form method="post" action="${prefix}/login/forgotten">
!${field({
      name: 'username',
      label: t('forgotten.name'),
      attributes: 'required autocomplete="username" autocapitalize="none" spellcheck="false"',
      mistakes: [],
    })}
<div class="buttons"><button class="button">${t('forgotten.button')}</button><a class="word soft" href="${prefix}/login">${t('form.cancel')}</a></div>
</form>`;
    return sendPage(reply, plainPage(reader, { title: t('forgotten.title'), main }));
  },
});

export const submitForgotten = openEndpoint({
  summary: 'Mail a link to a new password, if there is such an account',
  signsIn: true,
  produces: ['text/html'],
  handle({ app, body, request, reply }) {
    requireOwnPage(app, request);
    const { username = '' } = requireShape(form, body);
    const reader = readerOf(app, request, reply);
    const space = app.spaces.forHost(request.headers.host);
    app.passwordResets.ask(username, space, request.sender.address);
    const { t, prefix } = reader;
    const contact =
      space.contactText === null ? t('forgotten.contact') : t('forgotten.contactIs', { contact: space.contactText });
    const main = html`<p role="status">${t('forgotten.done')}</p>
<p class="soft">${contact}</p>
<p><a href="${prefix}/login">${t('signIn.title')}</a></p>`;
    return sendPage(reply, plainPage(reader, { title: t('forgotten.doneTitle'), main }));
  },
});
