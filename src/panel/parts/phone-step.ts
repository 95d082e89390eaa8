import { html } from 'ghtml';
import type { Caller } from '../../access/caller.ts';
import type { App } from '../../app.ts';
import { qrSvg } from '../../lib/qr-code.ts';
import { type FollowedCode, followedCodeOf } from '../../provisioning/newest-code.ts';
import type { Space } from '../../spaces/space.ts';
import type { Reader } from '../reader.ts';
import type { WizardStep } from './address-step.ts';
import { codeStops } from './code-stops.ts';
import { copyField } from './copy-field.ts';
import { livePart } from './live.ts';
import { sipServerPath } from './sip-server-needs.ts';

/** Returns the step that sets up the first phone with the caller's own account. */
export async function phoneStep(app: App, reader: Reader, caller: Caller): Promise<WizardStep> {
  const { t, prefix } = reader;
  const address = `${caller.account.username}@${caller.space.domain}`;
  const lead = html`${t('phone.lead')} ${t('phone.whose', { address })}`;
  const code = await followedCodeOf(app, caller);
  if (code === undefined) return { title: t('phone.title'), lead, main: makeCode(reader) };
  const main = livePart({
    id: 'code',
    events: `${prefix}/admin/accounts/${caller.account.id}/provisioning/live`,
    page: `${prefix}/admin/welcome?step=phone`,
    ...code.progress,
    content: firstPhone(app, reader, code, caller.space),
  });
  return { title: t('phone.title'), lead, main };
}

function firstPhone({ publicUrl, now }: App, reader: Reader, code: FollowedCode, space: Space): string {
  const { t, prefix } = reader;
  const { state } = code.progress;
  const url = code.open?.url;
  const picture = url === undefined ? '' : qrPicture(reader, url);
  // The address is shown too, because Linphone on a computer has no camera to scan the code.
  const address = url === undefined ? '' : copyField(t, { id: 'address', label: t('code.address'), value: url });
  return html`<div class="first-phone">!${picture}<div>
!${state === 'delivered' ? html`<h2>${t(code.rings ? 'phone.done' : 'code.hasAccount')}</h2>!${code.rings ? '' : html`<p class="soft">${t('phone.ringsOnce')} <a href="${prefix}${sipServerPath(space)}">${t('sipServer.title')}</a></p>`}` : ''}
!${codeStops(reader, code, now())}
!${state === 'delivered' ? html`<p class="buttons"><a class="button" href="?step=mail">${t('welcome.continue')}</a></p>` : ''}
!${state === 'lost' || state === 'expired' ? makeCode(reader) : ''}
!${address}
!${picture === '' ? '' : html`<details><summary>${t('phone.nothing')}</summary><p>${t('phone.nothingLine', { address: publicUrl })}</p></details>`}
</div></div>`;
}

function qrPicture({ t }: Reader, url: string): string {
  const svg = Buffer.from(qrSvg(url)).toString('base64');
  return html`<img class="qr" src="data:image/svg+xml;base64,${svg}" alt="${t('code.qr')}">`;
}

function makeCode({ t }: Reader): string {
  return html`<form method="post"><input type="hidden" name="step" value="phone"><p class="buttons"><button class="button" name="action" value="issue">${t('phone.make')}</button></p></form>`;
}
