import { html } from 'ghtml';
import { AppError } from '../../errors.ts';
import type { Page } from '../../http/page.ts';
import { layout } from '../layout.ts';
import { plainPage } from '../parts/plain-page.ts';
import type { Reader } from '../reader.ts';

/** Returns the page for a link that is no longer valid, or undefined if the failure is not about one. */
export function linkGone(reader: Reader, error: Pick<AppError, 'code' | 'facts'>): Page | undefined {
  switch (error instanceof AppError ? error.factsOf('not-found')?.what : undefined) {
    case 'setup-link':
      return setupLinkGone(reader);
    case 'login-link':
      return loginLinkGone(reader);
    case 'reset-link':
      return resetLinkGone(reader);
    default:
      return undefined;
  }
}

function loginLinkGone(reader: Reader): Page {
  const { t, prefix } = reader;
  const main = html`<p>${t('loginLink.goneLead')}</p><p><a href="${prefix}/login">${t('signIn.title')}</a></p>`;
  return plainPage(reader, { title: t('loginLink.gone'), main, status: 404 });
}

function resetLinkGone(reader: Reader): Page {
  const { t, prefix } = reader;
  const main = html`<p>${t('reset.goneLine')}</p><p><a href="${prefix}/login/forgotten">${t('forgotten.title')}</a></p>`;
  return plainPage(reader, { title: t('reset.goneTitle'), main, status: 404 });
}

/** Returns the page for a setup link that is incomplete or no longer valid. */
export function setupLinkGone({ t, language, prefix }: Omit<Reader, 'timeZone'>): Page {
  const main = html`<h1>${t('loginLink.gone')}</h1>
<p class="lead">${t('setup.goneLead')}</p>
<section>
<h2>${t('setup.goneNobody')}</h2>
<p>${t('setup.goneRestart')}</p>
</section>
<section>
<h2>${t('setup.goneSomebody')}</h2>
<p>${t('setup.goneAsk')}</p>
<pre><code>./ringup account add NAME --admin --activated</code></pre>
</section>`;
  return {
    html: layout({
      title: `${t('loginLink.gone')} – Ringup`,
      language,
      width: 'reading',
      prefix,
      leadsHome: true,
      main,
    }),
    status: 404,
  };
}
