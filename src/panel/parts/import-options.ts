import { html } from 'ghtml';
import { duplicateModes, type ImportOptions } from '../../importing/import.ts';
import type { Reader } from '../reader.ts';

export type OfferedOptions = Pick<ImportOptions, 'onDuplicate' | 'allowAdmin' | 'invite'>;

/** Returns the fields of the import's options. */
export function importOptions({ t }: Reader, { onDuplicate, allowAdmin, invite }: OfferedOptions): string {
  const modes = duplicateModes.map((mode) => {
    const selected = mode === onDuplicate ? ' selected' : '';
    return html`<option value="${mode}"!${selected}>${t(`import.duplicate.${mode}`)}</option>`;
  });
  return html`<div class="field"><label for="on_duplicate">${t('import.duplicate')}</label><select id="on_duplicate" name="on_duplicate">!${modes}</select></div>
<label class="check"><input type="checkbox" name="allow_admin" value="true"!${allowAdmin ? ' checked' : ''}>${t('import.allowAdmin')}</label>
<label class="check"><input type="checkbox" name="invite" value="true"!${invite ? ' checked' : ''}>${t('import.invite')}</label>`;
}

/** Returns the line in which the page's script says, after the form is sent, that the answer takes a while. */
export function workingLine({ t }: Reader): string {
  return html`<p class="working soft" role="status" data-working="${t('import.working')}"></p>`;
}
