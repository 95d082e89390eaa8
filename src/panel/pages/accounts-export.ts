import { Readable } from 'node:stream';
import { allAccounts } from '../../administration/account-list.ts';
import { contentSecurityPolicy } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { sent } from '../../http/sent.ts';
import { exportAccounts } from '../../importing/export-accounts.ts';
import { listFilterOf, listQueryOf } from '../parts/list-query.ts';
import { spaceInView } from '../space-in-view.ts';

export const exportList = endpoint({
  summary: 'Get the accounts of a space that the list shows as a table (CSV), without passwords',
  produces: ['text/csv'],
  handle({ app, caller, request, reply }) {
    const space = spaceInView(app, caller, request);
    const pages = exportAccounts(allAccounts(app, listFilterOf(space, listQueryOf(request), app.now())));
    reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="accounts.csv"')
      .header('content-security-policy', contentSecurityPolicy)
      .header('x-content-type-options', 'nosniff')
      .send(Readable.from(texts(pages)));
    return sent;
  },
});

async function* texts(pages: AsyncIterable<{ readonly text: string }>): AsyncGenerator<string> {
  for await (const { text } of pages) yield text;
}
