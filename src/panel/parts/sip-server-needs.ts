import { html } from 'ghtml';
import type { App } from '../../app.ts';
import { databaseLocation } from '../../instance-database.ts';
import type { Translate } from '../../locale/translate.ts';
import type { Space } from '../../spaces/space.ts';
import type { Reader } from '../reader.ts';
import { copyText } from './copy-field.ts';
import { spacePath } from './space-pages.ts';

/** Returns the path of the section with the text of `sipServerNeeds`. */
export function sipServerPath(space: Space): string {
  return `${spacePath(space)}#sip-server`;
}

/** Returns a text for the operator of the space's SIP server. Only super administrators see where the database is. */
export function sipServerNeeds({ t }: Reader, { settings }: App, space: Space, isSuper: boolean): string {
  const { domain, effectiveRealm: realm, effectiveRegistrar: registrar, algorithms } = space;
  const facts = { domain, realm, registrar, algorithms: algorithms.join(', '), ...viewFor(algorithms) };
  const place = isSuper ? `\n${databaseLine(t, settings)}` : '';
  return html`<section id="sip-server"><h2>${t('sipServer.title')}</h2>
!${copyText(t, {
    id: 'sip-server-text',
    label: t('sipServer.label'),
    hint: html`${t('sipServer.hint')}`,
    value: `${t('sipServer.who', facts)}${place}\n${t('sipServer.facts', facts)}\n${t('sipServer.recipes')}`,
  })}</section>`;
}

/** Returns the view to use. A SIP server that supports a single algorithm needs one row for each account. */
function viewFor(algorithms: Space['algorithms']): { readonly view: string; readonly columns: string } {
  const [first = 'SHA-256'] = algorithms;
  return algorithms.length > 1
    ? { view: 'sip_credentials', columns: 'username, domain, realm, algorithm, ha1' }
    : { view: `sip_credentials_${first.replace('-', '').toLowerCase()}`, columns: 'username, domain, realm, ha1' };
}

/** Returns the location of the database without the user and password of Ringup itself. */
function databaseLine(t: Translate, settings: App['settings']): string {
  const location = databaseLocation(settings);
  if (settings.databaseUrl === null) return t('sipServer.sqlite', { file: location });
  const { host = '', pathname = '' } = URL.canParse(location) ? new URL(location) : {};
  return t('sipServer.postgres', { place: host === '' ? 'none' : `${host}${pathname}` });
}
