import { html } from 'ghtml';
import type { Space } from '../../spaces/space.ts';
import { copyScript, followScript } from '../assets.ts';
import type { CodeVisit, ShownCode } from '../code-reader.ts';
import { helpLine, landingFrame } from '../parts/landing-frame.ts';
import { addressField, openButton, picture, progress, remarks } from '../parts/landing-parts.ts';
import { breakable, filled } from '../parts/prose.ts';
import { moment, type Reader } from '../reader.ts';

const stores = {
  android: 'https://play.google.com/store/apps/details?id=org.linphone',
  ios: 'https://apps.apple.com/app/linphone/id360065638',
} as const;
const linphoneSite = 'https://www.linphone.org/';

/**
 * Returns the page of a valid code. On a phone, it begins with the app store and the button; elsewhere, with the QR
 * code.
 */
export function codePage(visit: CodeVisit, space: Space, code: ShownCode): string {
  const { reader, agent } = visit;
  const { t } = reader;
  const platform = platformOf(agent);
  const device = platform === undefined ? 'computer' : 'phone';
  const valid =
    code.expiresAt === null
      ? html`${t('code.forever')}`
      : filled(t, 'code.valid', { time: moment(reader, code.expiresAt) });
  const lines = { reader, code, valid, contactText: space.contactText };
  const main = html`!${code.name === null ? '' : html`<p class="above">!${filled(t, 'landing.for', { name: html`<bdi>${shortName(code.name)}</bdi>` })}</p>`}
<h1>!${filled(t, `landing.title.${device}`, { space: html`<bdi>!${breakable(space.name)}</bdi>` })}</h1>
<p class="lead">${t(`landing.lead.${device}`)}</p>
!${platform === undefined ? onComputer(lines) : onPhone(lines, platform)}`;
  const title = t(`landing.title.${device}`, { space: space.name });
  return landingFrame(visit, space, {
    title,
    width: 'landing',
    scripts: code.events === null ? [copyScript] : [copyScript, followScript],
    main,
  });
}

/**
 * Returns the platform of the phone. An iPad identifies as a Macintosh and gets the page for computers, which contains
 * everything too.
 */
function platformOf(agent: string): keyof typeof stores | undefined {
  if (/Android/.test(agent)) return 'android';
  return /iPhone|iPad|iPod/.test(agent) ? 'ios' : undefined;
}

/** Returns the first word and the initial of the second, which is enough to see whose code it is. */
function shortName(name: string): string {
  const [first = '', second] = name.trim().split(/\s+/u);
  const initial = second === undefined ? undefined : [...new Intl.Segmenter().segment(second)][0]?.segment;
  return initial === undefined ? first : `${first} ${initial}.`;
}

interface Lines {
  readonly reader: Reader;
  readonly code: ShownCode;
  readonly contactText: string | null;
  /** HTML, already escaped: how long the code is valid. */
  readonly valid: string;
}

function onPhone(lines: Lines, platform: keyof typeof stores): string {
  const { reader, code, valid, contactText } = lines;
  const { t } = reader;
  return html`<div class="on-phone">
<ol class="steps">
<li><h2>${t('landing.install')}</h2><p><a class="button plain" href="${stores[platform]}">${t(`landing.store.${platform}`)}</a></p></li>
<li><h2>${t('landing.tap')}</h2><p>!${openButton(reader, code)}</p><p class="hint">!${valid}</p></li>
</ol>
!${progress(reader, code)}
<div class="folded">
<details><summary>${t('landing.otherDevice')}</summary>!${picture(reader, code, '')}</details>
<details><summary>${t('landing.notOpening')}</summary>!${addressField(reader, code)}</details>
</div>
<div class="remarks">!${remarks(reader, code)}!${helpLine(reader, contactText)}</div>
</div>`;
}

function onComputer(lines: Lines): string {
  const { reader, code, valid, contactText } = lines;
  const { t } = reader;
  const storeLinks = {
    android: html`<a href="${stores.android}">${t('landing.android')}</a>`,
    ios: html`<a href="${stores.ios}">${t('landing.ios')}</a>`,
  };
  return html`<div class="invitation">
<div>
<ol class="steps">
<li><h2>${t('landing.installThere')}</h2><p>!${filled(t, 'landing.stores', storeLinks)}</p></li>
<li><h2>${t('landing.scan')}</h2><p class="soft">${t('landing.ownScanner')}</p></li>
<li><h2>${t('landing.scanThis')}</h2><p class="soft">!${valid}</p></li>
</ol>
!${progress(reader, code)}
<div class="folded">
<details><summary>${t('landing.here')}</summary>
<p>!${filled(t, 'landing.hereLine', { site: html`<a href="${linphoneSite}">linphone.org</a>` })}</p>
<p>!${openButton(reader, code)}</p></details>
<details><summary>${t('landing.paste')}</summary>!${addressField(reader, code)}</details>
</div>
</div>
!${picture(reader, code, remarks(reader, code))}
</div>
!${helpLine(reader, contactText)}`;
}
