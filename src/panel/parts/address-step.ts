import { html } from 'ghtml';
import type { Caller } from '../../access/caller.ts';
import type { App } from '../../app.ts';
import { isLoopback } from '../../config/public-url.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import type { Reader } from '../reader.ts';
import { field } from './field.ts';
import { passwordAgain, passwordAgainField } from './password-again.ts';
import { shape } from './shape.ts';
import { shownValues } from './shown-values.ts';

/** The content of a step of a wizard. `lead` and `main` are HTML, already escaped. */
export interface WizardStep {
  readonly title: string;
  readonly lead: string;
  readonly main: string;
}

interface Typed {
  /** The value that was typed and refused. */
  readonly value?: string | undefined;
  readonly shownUrl?: string | undefined;
  readonly mistakes?: Mistakes | undefined;
}

/** Returns the step about the address that phones use. */
export function addressStep(
  app: App,
  reader: Reader,
  caller: Caller,
  { value, shownUrl, mistakes = {} }: Typed,
): WizardStep {
  const { publicUrl, address } = app;
  const { t } = reader;
  const again =
    mistakes[passwordAgain] === undefined ? '' : passwordAgainField(reader, caller, { now: app.now(), mistakes });
  const note = noteOn(publicUrl);
  const shown = address.isFixed
    ? html`<p class="address-for-phones"><b class="address">${publicUrl}</b></p><p class="hint">${t('address.bySetting')}</p>`
    : html`!${shownValues({ public_url: publicUrl }, { was_public_url: shownUrl })}!${field({
        name: 'public_url',
        label: t('address.label'),
        hint: html`${t('address.hint')}`,
        attributes: html`type="url" value="${value ?? publicUrl}" required maxlength="300" autocomplete="off" autocapitalize="none" spellcheck="false"`,
        mistakes: mistakes.public_url ?? [],
      })}`;
  const main = html`<form method="post"><input type="hidden" name="step" value="address">
!${shown}!${again}
!${note === undefined ? '' : html`<p class="told">!${shape('unusual')}<span>${t(note)}</span></p>`}
<p class="buttons"><button class="button" name="action" value="continue">${t('welcome.continue')}</button></p></form>`;
  return { title: t('address.title'), lead: html`${t('address.lead')}`, main };
}

function noteOn(publicUrl: string) {
  if (isLoopback(publicUrl)) return 'address.loopback';
  return publicUrl.startsWith('http:') ? 'address.plain' : undefined;
}

/**
 * Returns the banner about a recent change of the address, with a button to undo it. Returns nothing if there was no
 * recent change.
 */
export function undoAddress({ address, now }: Pick<App, 'address' | 'now'>, { t, prefix }: Reader): string {
  if (!address.canUndo(now())) return '';
  return html`<form class="banner" role="status" method="post" action="${prefix}/admin/welcome"><span>${t('address.changed', { address: address.url })}</span> <input type="hidden" name="public_url" value="${address.url}"><button class="word" name="action" value="undo">${t('address.undo')}</button></form>`;
}
