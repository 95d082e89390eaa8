import type { Complaint } from '../errors/complaints.ts';
import { AppError } from '../errors.ts';
import { checkEnds } from '../lib/trim-blanks.ts';
import type { Document, Entry } from '../lpconfig/document.ts';
import { checkEntry, checkKey, checkName } from '../lpconfig/rules.ts';
import type { DocumentEditor, SectionEditor } from './contract.ts';

/** A copy of a document, which editors change. A section without entries counts as absent. */
export type Draft = Map<string, Map<string, Entry>>;

export interface Editing {
  readonly document: DocumentEditor;
  /** Makes the editor and its sections reject all further changes. */
  close(): void;
}

export function draftOf(document: Document): Draft {
  return new Map([...document].map(([name, section]) => [name, new Map(section)]));
}

export function hasSection(draft: Draft, name: string): boolean {
  return (draft.get(name)?.size ?? 0) > 0;
}

/** Returns an editor of the draft. Entries that it sets have `layer` as their origin. */
export function editDocument(draft: Draft, layer: string): Editing {
  let open = true;
  const change = (): void => {
    if (!open) throw new AppError('document-invalid', { why: 'closed' });
  };
  const edit = (section: string): SectionEditor =>
    Object.freeze({
      name: section,
      get: (name: string) => draft.get(section)?.get(name)?.value,
      set(name: string, value: string, { overwrite = true } = {}) {
        change();
        checkChange(section, name, value, overwrite);
        const entries = draft.get(section) ?? new Map<string, Entry>();
        draft.set(section, entries.set(name, { value, overwrite, origin: { layer } }));
      },
      remove(name: string) {
        change();
        draft.get(section)?.delete(name);
      },
      entries: () =>
        [...(draft.get(section) ?? [])].map(([name, { value, overwrite }]) => ({ name, value, overwrite })),
    });
  const document: DocumentEditor = Object.freeze({
    section(name: string) {
      const complaint = checkName(name);
      if (complaint !== undefined)
        throw new AppError('document-invalid', { why: 'section', section: String(name), complaint });
      return edit(name);
    },
    findSection: (name: string) => (hasSection(draft, name) ? edit(name) : undefined),
    sections: () => [...draft.keys()].filter((name) => hasSection(draft, name)).map(edit),
    removeSection(name: string) {
      change();
      draft.delete(name);
    },
  });
  return {
    document,
    close: () => {
      open = false;
    },
  };
}

// Hooks may be plain JavaScript, so arguments may not have the declared types.
function checkChange(section: string, name: string, value: string, overwrite: boolean): void {
  const at = { section, entry: String(name) };
  const wrongName = checkKey(name);
  if (wrongName !== undefined) throw new AppError('document-invalid', { why: 'name', ...at, complaint: wrongName });
  const wrong = checkEntry(name, value) ?? checkNames(name, value);
  if (wrong !== undefined) throw new AppError('document-invalid', { why: 'value', ...at, complaint: wrong });
  if (typeof overwrite !== 'boolean') throw new AppError('document-invalid', { why: 'overwrite', ...at });
}

/**
 * Complains about spaces at the end of a name. Linphone would remove them when it next starts, and then not find the
 * credentials.
 */
function checkNames(name: string, value: string): Complaint | undefined {
  if (/^(?:username|userid|realm|stun_server_username)$/.test(name)) return checkEnds(value);
  if (name !== 'reg_identity') return undefined;
  const [, displayName = ''] = /^\s*"((?:[^"\\]|\\.)*)"/.exec(value) ?? [];
  const unfit = checkEnds(displayName) && ({ code: 'space-at-an-end-of-the-display-name' } as const);
  return checkEnds(value) ?? unfit;
}
