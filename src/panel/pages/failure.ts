import { html } from 'ghtml';
import { AppError } from '../../errors.ts';
import type { Page } from '../../http/page.ts';
import { refusalText } from '../../locale/failure-text.ts';
import type { MessageKey } from '../../locale/translate.ts';
import type { Space } from '../../spaces/space.ts';
import { languageLinks, layout } from '../layout.ts';
import { contactLines } from '../parts/landing-frame.ts';
import type { Reader } from '../reader.ts';
import { linkGone, setupLinkGone } from './link-gone.ts';

const titles: Readonly<Record<number, MessageKey>> = {
  401: 'failure.401',
  403: 'failure.403',
  404: 'failure.404',
  405: 'failure.405',
  413: 'failure.413',
  429: 'failure.429',
  503: 'failure.503',
};

/** Sentences about what to do, for failures whose own sentence does not say it. */
export const failureLeads: Readonly<Partial<Record<AppError['code'], MessageKey>>> = {
  'session-required': 'failure.sessionRequired',
  'account-not-active': 'failure.notActive',
  'cross-site-request': 'failure.crossSite',
  'not-found': 'failure.notFound',
  'too-large': 'failure.tooLarge',
  'too-many-open': 'failure.again',
  'too-many-sign-ins': 'failure.again',
  'too-many-requests': 'failure.again',
  busy: 'failure.again',
  'answering-elsewhere': 'failure.again',
  'database-unavailable': 'failure.again',
  internal: 'failure.internal',
};

export interface Failure {
  readonly status: number;
  /** The URL that was requested. */
  readonly url: string;
  readonly error: Pick<AppError, 'code' | 'facts'>;
  /** The space of the signed-in person. */
  readonly space?: Space | undefined;
}

/** Returns the page that a browser gets instead of the requested one. */
export function failurePage(reader: Reader, { status, url, error, space }: Failure): Page {
  const { t, language, prefix } = reader;
  if (space !== undefined && hasNoOwnPages(error)) return noOwnPages(reader, space, { status, url });
  if (status === 404 && /^\/setup(\?|$)/.test(url)) return setupLinkGone(reader);
  const gone = linkGone(reader, error);
  if (gone !== undefined) return gone;
  const title = t(titles[status] ?? 'failure.other');
  const lead = failureLeads[error.code];
  const main = html`<h1>${title}</h1>
<p class="lead">${lead === undefined ? refusalText(t, error) : t(lead)}</p>
<p>!${error.code === 'session-required' ? html`<a href="${prefix}/login">${t('signIn.title')}</a>` : html`<a href="${prefix}/">${t('failure.home')}</a>`}</p>`;
  const end = languageLinks(language, url);
  return {
    html: layout({ title: `${title} – Ringup`, language, width: 'reading', prefix, leadsHome: true, end, main }),
    status,
  };
}

function hasNoOwnPages(error: Failure['error']): boolean {
  return error instanceof AppError && error.factsOf('not-allowed')?.why === 'no-self-service';
}

/**
 * Returns the page for people whose space has no pages for users. It says whom to ask, and has a button to sign out,
 * because no other page is open to them.
 */
function noOwnPages(
  { t, language, prefix }: Reader,
  { name, contactText }: Space,
  { status, url }: Pick<Failure, 'status' | 'url'>,
): Page {
  const title = t('failure.noOwnPages');
  const lines = contactLines(contactText ?? '');
  const main = html`<h1>${title}</h1>
<p class="lead">${t(lines.length === 0 ? 'failure.askAdministrator' : 'failure.ask')}</p>
!${lines.length === 0 ? '' : html`<p>!${lines.join('<br>')}</p>`}
<form method="post" action="${prefix}/logout" class="buttons"><button class="button plain">${t('nav.signOut')}</button></form>`;
  const brand = html`<span class="brand"><bdi>${name}</bdi></span>`;
  const end = languageLinks(language, url);
  return {
    html: layout({ title: `${title} – ${name}`, language, width: 'reading', prefix, brand, end, main }),
    status,
  };
}
