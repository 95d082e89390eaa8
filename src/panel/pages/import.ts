import { html } from 'ghtml';
import { actorOf } from '../../access/caller.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { liveEndpoint } from '../../http/live-endpoint.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import type { Import } from '../../importing/import.ts';
import { reviseAndWait } from '../../importing/import-and-wait.ts';
import { canReadImport, managedImport, withOpenRowsCounted } from '../../importing/look-at-import.ts';
import { newAdministrators } from '../../importing/new-administrators.ts';
import { discardImport } from '../../importing/revise-import.ts';
import { isUnderWay, watchImport } from '../../importing/watch-import.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { parseId } from '../../lib/parse-id.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import type { Space } from '../../spaces/space.ts';
import { workingScript } from '../assets.ts';
import { isTicked } from '../parts/field.ts';
import { assignedColumns, columnsPart, needsColumns } from '../parts/import-columns.ts';
import { canRevise, columnsContent, type ImportContent, importContent, unreadable } from '../parts/import-content.ts';
import { countryPart, noCountryPart } from '../parts/import-country.ts';
import { importForm, mendedRows, optionsAfter, type SentImport } from '../parts/import-form.ts';
import { importHead, progress } from '../parts/import-head.ts';
import { rowsForPage } from '../parts/import-page-rows.ts';
import { rowsOnPage } from '../parts/paging.ts';
import { concernsPassword, confirmedActor, passwordAgain, passwordAgainField } from '../parts/password-again.ts';
import { failureBanner, isConflict, refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace } from '../space-in-view.ts';
import type { Asked } from '../view.ts';
import { nextPart, takeNextStep } from './import-next.ts';
import { importPatienceMs } from './imports.ts';

export const showOneImport = endpoint({
  params: ['id'],
  summary: 'Show an import: its rows, with mistakes to correct',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    return sendPage(reply, await pageOf({ app, caller, request, reply }, params.id));
  },
});

/** A form that was refused. */
interface RefusedForm {
  readonly error: AppError;
  readonly sent: SentImport;
}

async function pageOf({ app, caller, request, reply }: Asked, id: string, refused?: RefusedForm): Promise<Page> {
  const found = withSentOptions(await managedImport(app, caller, id), refused);
  const space = app.spaces.getById(found.spaceId);
  const reader = readerOf(app, request, reply, space);
  const path = inSpace(caller, space, `/admin/import/${found.id}`);
  const head = { ...importHead(reader, found), space, scripts: [workingScript] };
  const banner = refusalBanner(reader, refused?.error) || stopBanner(reader, found);
  const page = (main: string, more: { readonly reloads?: boolean } = {}): Page => ({
    html: shell(reader, caller, { ...head, main: html`!${banner}!${main}`, ...more }),
    ...statusOf(refused?.error),
  });
  if (!(await canReadImport(app, found))) return page(unreadable(reader, found));
  if (isUnderWay(found)) return page(progress(reader, path, found), { reloads: true });
  if (canRevise(found) && (queryOf(request).get('show') === 'columns' || needsColumns(found))) {
    return page(columnsContent(reader, path, found, await columnsPart(app, reader, found)));
  }
  const counted = await withOpenRowsCounted(app, found);
  const content = await contentOf({ app, caller, request, reply }, { reader, space, found: counted }, refused);
  return page(importContent(reader, path, counted, content));
}

/** Returns the banner that says why an import stopped, as long as somebody can do something about it. */
function stopBanner(reader: Reader, found: Import): string {
  return found.failure === undefined || !canRevise(found) ? '' : failureBanner(reader, found.failure);
}

/** Returns the import with the options of a form that was refused, so that the page shows what was chosen. */
function withSentOptions(found: Import, refused: RefusedForm | undefined): Import {
  if (refused === undefined) return found;
  return { ...found, options: { ...found.options, ...optionsAfter(found, refused.sent) } };
}

interface Shown {
  readonly reader: Reader;
  readonly space: Space;
  readonly found: Import;
}

async function contentOf(
  { app, caller, request }: Asked,
  { reader, space, found }: Shown,
  refused: RefusedForm | undefined,
): Promise<ImportContent> {
  const query = queryOf(request);
  const after = parseId(query.get('after') ?? '') ?? 0;
  const country = canRevise(found) ? await countryPart(app, reader, space, found) : noCountryPart;
  const max = country.news === '' ? rowsOnPage : rowsOnPage / 2;
  const rows = await rowsForPage(app, found, { after, max, ready: query.get('rows') === 'ready' });
  const typed = refused === undefined ? undefined : await mendedRows(app, found, refused.sent);
  const mistakes = mistakesIn(reader.t, refused?.error);
  const again =
    found.options.allowAdmin || mistakes !== undefined
      ? passwordAgainField(reader, caller, { now: app.now(), mistakes, isOptional: true })
      : '';
  return {
    ...rows,
    refused: rows.refused.map((row) => ({ ...row, cells: typed?.get(row.line) ?? row.cells, stored: row.cells })),
    admins: await newAdministrators(app, found),
    again,
    country,
    next: await nextPart({ app, caller, reader }, space, found),
  };
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
    const asked = { app, caller, request, reply };
    const { done: path, refusal: error } = await tryChange(() => carryOut(asked, found, sent), isShownInPlace);
    if (error !== undefined) return sendPage(reply, await pageOf(asked, params.id, { error, sent }));
    return seeOther(app, reply, inSpace(caller, app.spaces.getById(found.spaceId), path));
  },
});

function isShownInPlace(error: AppError): boolean {
  return concernsPassword(error) || isConflict(error) || error.code === 'import-refused';
}

/** Does what the button says. Returns the path of the page to show. */
async function carryOut(asked: Asked, found: Import, sent: SentImport): Promise<string> {
  const { app, caller } = asked;
  if (sent.action === 'discard') {
    await discardImport(app, found);
    return '/admin/import';
  }
  const next = await takeNextStep({ app, caller, found }, sent);
  if (next !== undefined) return next;
  await revise(asked, found, sent);
  return `/admin/import/${found.id}${sent.action === 'columns' ? '?show=columns' : ''}`;
}

/** Stores what was corrected, and checks the import again or writes it. */
async function revise(asked: Asked, found: Import, sent: SentImport): Promise<void> {
  const { app, caller } = asked;
  const columns = assignedColumns(found, sent);
  // If columns were changed, the rows are only checked again, because the result must be seen before it is written.
  const isWriting = sent.action === 'import' && columns === undefined;
  const options = { ...optionsAfter(found, sent), ...(columns === undefined ? {} : { columns }) };
  const revision = {
    mended: await mendedRows(app, found, sent),
    leftOut: [parseId(sent.leave ?? '') ?? []].flat(),
    firstIsRow: isTicked(sent.first_is_row),
    options,
    writes: isWriting,
  };
  const confirm = () => confirmedActor(asked, sent[passwordAgain]);
  await reviseAndWait(app, actorOf(caller), { found, revision, confirm }, importPatienceMs(app));
}

export const watchOneImport = liveEndpoint({
  params: ['id'],
  summary: 'Follow an import',
  async watch({ app, caller, params }) {
    const { id } = await managedImport(app, caller, params.id);
    return (signal) => watchImport(app, id, signal);
  },
});
