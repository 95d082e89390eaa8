import { actorOf, type Caller } from '../../access/caller.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { liveEndpoint } from '../../http/live-endpoint.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { reviseAndWait } from '../../importing/import-and-wait.ts';
import { canReadImport, managedImport } from '../../importing/look-at-import.ts';
import { newAdministrators } from '../../importing/new-administrators.ts';
import { discardImport } from '../../importing/revise-import.ts';
import { isUnderWay, watchImport } from '../../importing/watch-import.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { parseId } from '../../lib/parse-id.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import { workingScript } from '../assets.ts';
import { isTicked } from '../parts/field.ts';
import { assignedColumns, columnsPart, needsColumns } from '../parts/import-columns.ts';
import { canRevise, columnsContent, importContent, unreadable } from '../parts/import-content.ts';
import { countryPart, noCountryPart } from '../parts/import-country.ts';
import { importForm, mendedRows, optionsAfter } from '../parts/import-form.ts';
import { importHead, progress } from '../parts/import-head.ts';
import { rowsForPage, rowsOnPage } from '../parts/import-page-rows.ts';
import { concernsPassword, passwordAgain, passwordAgainField, withPasswordAgain } from '../parts/password-again.ts';
import { statusOf, tryChange } from '../parts/refusal.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace } from '../space-in-view.ts';
import type { Asked } from '../view.ts';
import { nextPart, takeNextStep } from './import-next.ts';
import { patienceMs } from './imports.ts';

export const showOneImport = endpoint({
  params: ['id'],
  summary: 'Show an import: its rows, with mistakes to correct',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    return sendPage(reply, await pageOf({ app, caller, request, reply }, params.id));
  },
});

async function pageOf({ app, caller, request, reply }: Asked, id: string, error?: AppError): Promise<Page> {
  const found = await managedImport(app, caller, id);
  const reader = readerOf(app, request, reply);
  const space = app.spaces.getById(found.spaceId);
  const query = queryOf(request);
  const path = inSpace(caller, space, `/admin/import/${found.id}`);
  const head = { ...importHead(reader, found), space, scripts: [workingScript] };
  if (!(await canReadImport(app, found)))
    return { html: shell(reader, caller, { ...head, main: unreadable(reader, found) }) };
  if (isUnderWay(found)) {
    const main = progress(reader, path, found);
    return { html: shell(reader, caller, { ...head, main, reloads: true }) };
  }
  if (canRevise(found) && (query.get('show') === 'columns' || needsColumns(found))) {
    const columns = await columnsPart(app, reader, found);
    return { html: shell(reader, caller, { ...head, main: columnsContent(reader, path, found, columns) }) };
  }
  const after = parseId(query.get('after') ?? '') ?? 0;
  const country = canRevise(found) ? await countryPart(app, reader, space, found) : noCountryPart;
  const max = country.news === '' ? rowsOnPage : rowsOnPage / 2;
  const rows = await rowsForPage(app, found, { after, max, ready: query.get('rows') === 'ready' });
  const again =
    found.options.allowAdmin || error !== undefined
      ? passwordAgainField(reader, caller, { now: app.now(), mistakes: mistakesIn(reader.t, error), isOptional: true })
      : '';
  const main = importContent(reader, path, found, {
    ...rows,
    admins: await newAdministrators(app, found),
    again,
    country,
    next: await nextPart({ app, caller, reader }, space, found),
  });
  return { html: shell(reader, caller, { ...head, main }), ...statusOf(error) };
}

export const submitOneImport = endpoint({
  params: ['id'],
  summary: 'Correct rows of an import, check it again, write it, discard it, or hand out the codes of its accounts',
  maxBodyBytes: 512 * 1024,
  form: importForm,
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const found = await managedImport(app, caller, params.id);
    const sent = requireShape(importForm, body);
    const space = app.spaces.getById(found.spaceId);
    if (sent.action === 'discard') {
      await discardImport(app, found);
      return seeOther(app, reply, inSpace(caller, space, '/admin/import'));
    }
    const next = await takeNextStep({ app, caller, found }, sent);
    if (next !== undefined) return seeOther(app, reply, inSpace(caller, space, next));
    const columns = assignedColumns(found, sent);
    // If columns were changed, the rows are only checked again, because the result must be seen before it is written.
    const isWriting = sent.action === 'import' && columns === undefined;
    const options = optionsAfter(found, sent);
    const revised = {
      mended: await mendedRows(app, found, sent),
      leftOut: [parseId(sent.leave ?? '') ?? []].flat(),
      firstIsRow: isTicked(sent.first_is_row),
    };
    const revise = (by: Caller, dryRun: boolean) => {
      const wish = { ...options, ...(columns === undefined ? {} : { columns }), dryRun, partial: !dryRun };
      const revision = { ...revised, options: wish };
      return reviseAndWait(app, actorOf(by), { found, revision }, patienceMs);
    };
    const asked = { app, caller, request, reply };
    const { refusal: error } = await tryChange(
      () => withPasswordAgain(asked, sent[passwordAgain], (by) => revise(by, !isWriting)),
      concernsPassword,
    );
    if (error !== undefined) {
      // The corrections are stored, but no account is written.
      await revise(caller, true);
      return sendPage(reply, await pageOf(asked, params.id, error));
    }
    const shown = sent.action === 'columns' ? '?show=columns' : '';
    return seeOther(app, reply, inSpace(caller, space, `/admin/import/${found.id}${shown}`));
  },
});

export const watchOneImport = liveEndpoint({
  params: ['id'],
  summary: 'Follow an import',
  async watch({ app, caller, params }) {
    const { id } = await managedImport(app, caller, params.id);
    return (signal) => watchImport(app, id, signal);
  },
});
