import { compareDocuments, type EntryChange } from '../lpconfig/compare-documents.ts';
import { isSecretKey, loadKeyCatalogue } from '../lpconfig/key-catalogue.ts';
import { readLinphonerc } from '../lpconfig/read-linphonerc.ts';

const mask = '********';

/** Returns the entries in which two linphonerc texts differ, with secrets masked. */
export async function compareLinphonerc(before: string, after: string): Promise<EntryChange[]> {
  const catalogue = await loadKeyCatalogue();
  const changes = compareDocuments(readLinphonerc(before).document, readLinphonerc(after).document);
  return changes.map((change) => (isSecretKey(catalogue, change.section, change.entry) ? masked(change) : change));
}

function masked(change: EntryChange): EntryChange {
  const { before, after } = change;
  return {
    ...change,
    ...(before === undefined ? {} : { before: { ...before, value: mask } }),
    ...(after === undefined ? {} : { after: { ...after, value: mask } }),
  };
}
