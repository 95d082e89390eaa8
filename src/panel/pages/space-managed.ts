import { html } from 'ghtml';
import { managedSpaceAt } from '../../access/managed-account.ts';
import { type ManagedPlatform, managedConfiguration, managedPlatforms } from '../../documents/managed-configuration.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { isConflict, tryChange } from '../parts/refusal.ts';
import { spaceHead } from '../parts/space-pages.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

export const showManagedDevices = endpoint({
  params: ['domain'],
  summary: "Show what the management of a company's phones gives Linphone",
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const reader = readerOf(app, request, reply, space);
    const { t } = reader;
    const { done: payloads } = await tryChange(
      () => managedPlatforms.map((each) => payload(reader, each, managedConfiguration(space, app.publicUrl, each))),
      isConflict,
    );
    const main = payloads?.join('') ?? html`<p class="banner warn" role="status">${t('managed.everyStart')}</p>`;
    const page = { ...spaceHead(reader, space, '/managed'), line: html`${t('managed.line')}`, main };
    return sendPage(reply, { html: shell(reader, caller, page) });
  },
});

function payload({ t }: Reader, platform: ManagedPlatform, text: string): string {
  return html`<section><h2>${t(`managed.${platform}`)}</h2><p class="hint" id="${platform}-hint">${t(`managed.${platform}Hint`)}</p>
<textarea readonly aria-label="${t(`managed.${platform}`)}" aria-describedby="${platform}-hint" rows="${text.split('\n').length}" spellcheck="false">${`\n${text}`}</textarea></section>`;
}
