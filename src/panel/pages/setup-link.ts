import { html } from 'ghtml';
import type { Page } from '../../http/page.ts';
import { layout } from '../layout.ts';
import type { Reader } from '../reader.ts';

/** Returns the page for a setup link that is incomplete or no longer valid. */
export function linkGone({ t, language, prefix }: Omit<Reader, 'timeZone'>): Page {
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
