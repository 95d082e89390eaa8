import { html } from 'ghtml';
import type { AccountInSpace } from '../../accounts/account.ts';
import { qrSvg } from '../../lib/qr-code.ts';
import type { FollowedCode } from '../../provisioning/newest-code.ts';
import type { OpenCode } from '../../tokens/open-code.ts';
import type { Reader } from '../reader.ts';
import { codeStops } from './code-stops.ts';
import { filled } from './prose.ts';
import { durationText, longDate, weekdayTime, when } from './when.ts';

export interface CodePanel {
  readonly now: number;
  /** HTML, already escaped: the actions for a valid code, before the forms that save something. */
  readonly actions?: string;
}

/** Returns the newest code with its buttons, or what happened to it, and its way to a phone. */
export function codePanel(reader: Reader, found: AccountInSpace, code: FollowedCode, panel: CodePanel): string {
  const { open } = code;
  const about = open === undefined ? outcome(reader, code, panel.now) : openCode(reader, found, open, panel);
  return html`<div class="code-panel">!${about}!${codeStops(reader, code, panel.now)}</div>`;
}

function openCode(
  reader: Reader,
  { account }: AccountInSpace,
  { token, url, resetsPassword }: OpenCode,
  { now, actions = '' }: CodePanel,
): string {
  const { t } = reader;
  const { expiresAt } = token;
  const until =
    expiresAt === null
      ? html`${t('code.forever')}`
      : filled(t, 'code.valid.day', { time: weekdayTime(reader, expiresAt) });
  const left =
    expiresAt === null
      ? ''
      : filled(t, 'code.left', {
          date: longDate(reader, expiresAt),
          zone: html`<span data-zone-name>${reader.timeZone}</span>`,
          duration: html`${durationText(reader, expiresAt - now)}`,
        });
  const validity = html`<h2>!${until}</h2><p class="soft">!${left} ${t('code.once')}</p>!${resetsPassword ? html`<p class="soft">${t('code.resets')}</p>` : ''}`;
  if (url === undefined) return html`<div class="about">!${validity}<p>${t('code.hidden')}</p></div>`;
  const name = account.username;
  const svg = Buffer.from(qrSvg(url)).toString('base64');
  return html`<img class="qr" src="data:image/svg+xml;base64,${svg}" alt="${t('code.qr')}">
<div class="about">!${validity}
<div class="field"><label for="address">${t('code.address')}</label><div class="beside"><input id="address" class="copy" value="${url}" readonly spellcheck="false" autocomplete="off"><button type="button" class="button plain" data-copies="address" data-copied="${t('copy.done')}" data-selected="${t('copy.selected')}" hidden>${t('copy.button')}</button><span class="hint" role="status"></span></div></div>
<p class="buttons">!${actions}<a class="word" download="${name}.png" href="${qrPath(url, 'png')}">${t('code.png')}</a><a class="word" download="${name}.svg" href="${qrPath(url, 'svg')}">${t('code.svg')}</a></p>
</div>`;
}

function outcome(reader: Reader, { token, progress, rings }: FollowedCode, now: number): string {
  const { t } = reader;
  const { state, ended, isLast } = progress;
  // Revoking a device also revokes the code that it used.
  if (token.claimedAt !== null && token.revokedAt !== null) {
    const at = when(reader, token.revokedAt, now);
    return html`<div class="about"><h2>${t('code.signedOut')}</h2><p class="soft">${t('code.signedOutLine')} !${at}</p></div>`;
  }
  switch (state) {
    case 'delivered':
      return html`<div class="about"><h2>${t(rings ? 'code.delivered' : 'code.hasAccount')}</h2><p class="soft">!${when(reader, ended?.at ?? token.claimedAt ?? now, now)}</p></div>`;
    case 'lost':
      return html`<div class="about"><h2>${t('code.lost')}</h2><p class="soft">${t(isLast ? 'code.lostLine' : 'code.lostWait')}</p></div>`;
    case 'expired':
      return html`<div class="about"><h2>${t('code.none')}</h2><p class="soft">${t('code.noneLine')}</p></div>`;
    default:
      return html`<div class="about"><h2>${t('code.fetched')}</h2><p class="soft">${t('code.fetchedLine')}</p></div>`;
  }
}

/** Returns the path of the picture of a code, which has the same token in another path. */
function qrPath(url: string, format: 'png' | 'svg'): string {
  const { pathname, search } = new URL(url);
  const path = pathname.replace(/\/provisioning\/(?=[^/]+$)/, '/provisioning/qrcode/');
  return `${path}${search === '' ? '?' : `${search}&`}format=${format}`;
}
