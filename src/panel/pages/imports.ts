import { html } from 'ghtml';
import { Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import type { App } from '../../app.ts';
import type { ErrorKind } from '../../errors/catalogue.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { uploadShape } from '../../http/parse-uploads.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { defaultDuplicateMode, duplicateModes, type Import, isPartlyWritten } from '../../importing/import.ts';
import { startAndWait } from '../../importing/import-and-wait.ts';
import { latestImports } from '../../importing/look-at-import.ts';
import { maxImportBytes, type NewImportFile } from '../../importing/receive-import.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { refusalText } from '../../locale/failure-text.ts';
import type { Space } from '../../spaces/space.ts';
import { pasteScript, workingScript } from '../assets.ts';
import { box, isTicked, mistakeList } from '../parts/field.ts';
import { importOptions, type OfferedOptions, workingLine } from '../parts/import-options.ts';
import { type Tried, tryChange } from '../parts/refusal.ts';
import { moment, type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace, spaceInView } from '../space-in-view.ts';

/**
 * Most files are checked within this time. For others, the page of the import shows the progress. It is short, because
 * without JavaScript the browser shows nothing meanwhile.
 */
const patienceMs = 1_000;

export function importPatienceMs({ limits }: Pick<App, 'limits'>): number {
  return limits.importMs ?? patienceMs;
}

const form = Type.Object({
  file: Type.Optional(uploadShape),
  text: Type.Optional(Type.String({ 'x-verbatim': true })),
  on_duplicate: Type.Optional(Type.Enum([...duplicateModes])),
  allow_admin: box,
  invite: box,
});

export const showImports = endpoint({
  summary: 'Show the form that imports accounts, and the latest imports',
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const space = spaceInView(app, caller, request);
    const latest = await latestImports(app, space.id);
    return sendPage(reply, formPage(readerOf(app, request, reply, space), caller, { space, latest }));
  },
});

export const submitImport = endpoint({
  summary: 'Check a file of accounts, or cells that were pasted',
  maxBodyBytes: maxImportBytes,
  form,
  produces: ['text/html'],
  async handle({ app, caller, body, request, reply }) {
    const space = spaceInView(app, caller, request);
    const { file, text = '', on_duplicate: onDuplicate = defaultDuplicateMode, ...flags } = requireShape(form, body);
    const [allowAdmin, invite] = [isTicked(flags.allow_admin), isTicked(flags.invite)];
    const options = { onDuplicate, partial: false, allowAdmin, dryRun: true, invite, codes: false };
    const upload = file === undefined || file === '' || file.bytes.length === 0 ? undefined : file;
    const content = upload?.bytes ?? text;
    const given = { content, name: upload?.name ?? '', options };
    const { done: path, refusal } = await receive({ app, caller, space }, given);
    if (refusal === undefined) return seeOther(app, reply, path);
    const isUnknown = refusal.factsOf('import-refused')?.why === 'unknown-columns';
    // If no column is known, a person can choose the meanings on the page of the import. A file that is not a table is
    // refused again here.
    const assign = isUnknown ? (await receive({ app, caller, space }, { ...given, anyHeader: true })).done : undefined;
    const reader = readerOf(app, request, reply, space);
    const mistake = refusalText(reader.t, refusal);
    const latest = await latestImports(app, space.id);
    const status = statusesOfRefusals[refusal.kind] ?? 422;
    const page = { space, latest, text, options, mistake, status, inFile: upload !== undefined, assign };
    return sendPage(reply, formPage(reader, caller, page));
  },
});

/** The HTTP statuses of refusals that a person can correct in the form. */
const statusesOfRefusals: Readonly<Partial<Record<ErrorKind, number>>> = {
  invalid: 422,
  conflict: 422,
  'too-large': 413,
};

interface FormPage {
  readonly space: Space;
  readonly latest: readonly Import[];
  readonly text?: string;
  readonly options?: OfferedOptions;
  readonly mistake?: string;
  readonly status?: number;
  readonly inFile?: boolean;
  /** The path of the page on which a person chooses the meanings of unknown columns. */
  readonly assign?: string | undefined;
}

/** Stores a table. Returns the path of its page, or the refusal. */
function receive(
  { app, caller, space }: { readonly app: App; readonly caller: Caller; readonly space: Space },
  file: NewImportFile,
): Promise<Tried<string>> {
  return tryChange(
    async () => {
      const { id } = await startAndWait(app, actorOf(caller), { space, file }, importPatienceMs(app));
      return inSpace(caller, space, `/admin/import/${id}`);
    },
    (error) => statusesOfRefusals[error.kind] !== undefined,
  );
}

const noOptions: OfferedOptions = { onDuplicate: defaultDuplicateMode, allowAdmin: false, invite: false };

function formPage(
  reader: Reader,
  caller: Caller,
  { space, latest, text = '', options = noOptions, mistake, status = 200, inFile = false, assign }: FormPage,
): Page {
  const { t } = reader;
  const wrong = (field: 'file' | 'text') =>
    mistake !== undefined && inFile === (field === 'file') ? ' aria-invalid="true" aria-describedby="mistakes"' : '';
  const main = html`!${mistake === undefined ? '' : html`<div id="mistakes">!${mistakeList(reader, [{ sentence: mistake, field: inFile ? 'file' : 'text' }])}</div>`}!${assign === undefined ? '' : html`<p>${t('import.unknownHeader')}</p><p class="buttons"><a class="button plain" href="${reader.prefix}${assign}">${t('import.assign')}</a></p>`}
<form method="post" enctype="multipart/form-data">
<div class="field"><label for="file">${t('import.file')}</label><p class="hint" id="file-hint">${t('import.fileHint')}</p><input id="file" name="file" type="file" accept=".csv,.txt,.tsv,text/csv,text/plain"!${wrong('file') || ' aria-describedby="file-hint"'}></div>
<div class="field"><label for="text">${t('import.paste')}</label><p class="hint" id="text-hint">${t('import.pasteHint')}</p><textarea id="text" name="text" rows="6" spellcheck="false"!${wrong('text') || ' aria-describedby="text-hint"'}>${`\n${text}`}</textarea></div>
!${importOptions(reader, options)}
<div class="buttons"><button class="button">${t('import.check')}</button></div>
!${workingLine(reader)}
</form>
!${latest.length === 0 ? '' : earlier(reader, caller, space, latest)}`;
  const line = html`${t('import.line')}`;
  const page = {
    title: t('import.title'),
    place: '/admin/import',
    space,
    line,
    scripts: [pasteScript, workingScript],
    main,
  };
  return { html: shell(reader, caller, page), status };
}

function earlier(reader: Reader, caller: Caller, space: Space, latest: readonly Import[]): string {
  const { t, prefix } = reader;
  const rows = latest.map((each) => {
    const path = inSpace(caller, space, `/admin/import/${each.id}`);
    return html`<tr><td><a class="name" href="${prefix}${path}"><bdi>${nameOf(reader, each)}</bdi></a><span class="second">!${moment(reader, each.createdAt)}</span></td><td>${t(`import.state.${isPartlyWritten(each) ? 'partly' : each.state}`)}</td><td class="figures">${each.rows}</td></tr>`;
  });
  return html`<section><h2>${t('import.earlier')}</h2><table><thead><tr><th scope="col">${t('import.file')}</th><th scope="col">${t('import.state')}</th><th scope="col" class="figures">${t('import.rows')}</th></tr></thead><tbody>!${rows}</tbody></table></section>`;
}

/** Returns the name of the file, or a phrase for pasted cells, which have no name. */
export function nameOf({ t }: Reader, { name }: Pick<Import, 'name'>): string {
  return name === '' ? t('import.pasted') : name;
}
