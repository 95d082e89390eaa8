import { html } from 'ghtml';
import { Type } from 'typebox';
import type { Caller } from '../../access/caller.ts';
import { changeOwnPassword, passwordChangeShape } from '../../administration/change-own-password.ts';
import type { Device } from '../../devices/device.ts';
import { listOwnDevices } from '../../devices/list-devices.ts';
import type { AppError } from '../../errors.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { renewSessionCookie } from '../../http/session-cookie.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import { field, mistakeList } from '../parts/field.ts';
import { ownHead } from '../parts/own-head.ts';
import { guessing, sentPassword } from '../parts/password-again.ts';
import { phonesWithNewPassword } from '../parts/phones-with-new-password.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const form = Type.Object({ old_password: sentPassword, password: sentPassword });

export const showOwnPassword = endpoint({
  summary: "Show the form for the reader's own password",
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const devices = await listOwnDevices(app, caller.account);
    return sendPage(reply, passwordPage(readerOf(app, request, reply), caller, devices));
  },
});

export const changeMyPassword = endpoint({
  summary: "Change the reader's own password, which ends the other sessions",
  produces: ['text/html'],
  async handle({ app, caller, body, request, reply }) {
    const { old_password = '', password: wished = '' } = requireShape(form, body);
    const { done: changed, refusal: error } = await tryChange(() => {
      const fields = requireShape(passwordChangeShape, { old_password, password: wished });
      const { address } = request.sender;
      return guessing('old_password', () => changeOwnPassword(app, { caller, fields, address, ensuresCode: true }));
    });
    if (error === undefined) {
      if (changed.session !== undefined) renewSessionCookie(app, reply, changed.session);
      return seeOther(app, reply, '/account?done=password');
    }
    const devices = await listOwnDevices(app, caller.account);
    return sendPage(reply, passwordPage(readerOf(app, request, reply), caller, devices, error));
  },
});

const fields = [
  ['old_password', 'mine.oldPassword', 'current-password'],
  ['password', 'mine.newPassword', 'new-password'],
] as const;

function passwordPage(reader: Reader, caller: Caller, devices: readonly Device[], error?: AppError): Page {
  const { t } = reader;
  const { tabs, ...head } = ownHead(reader, caller, '/password');
  const mistakes = mistakesIn(t, error) ?? {};
  const inputs = fields.map(([name, label, autocomplete]) =>
    field({
      name,
      label: t(label),
      attributes: html`type="password" required autocomplete="${autocomplete}"`,
      mistakes: mistakes[name] ?? [],
    }),
  );
  const listed = fields.flatMap(([name, label]) =>
    (mistakes[name] ?? []).map((sentence) => ({ label: t(label), sentence, field: name })),
  );
  const main = html`!${tabs}
!${refusalBanner(reader, error)}
!${listed.length === 0 ? '' : mistakeList(reader, listed)}
<p class="soft">${t('mine.passwordLine')}</p>
!${phonesWithNewPassword(reader, devices)}
<form method="post"><span hidden><input name="username" value="${caller.account.username}" autocomplete="username"></span>!${inputs}<div class="buttons"><button class="button">${t('mine.setPassword')}</button></div></form>`;
  return { html: shell(reader, caller, { ...head, main }), ...statusOf(error) };
}
