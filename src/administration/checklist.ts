import { type Checklist, type ChecklistItem, readChecklist, tickOff } from '../cluster/instance-store.ts';
import type { ChangeContext } from '../events/change.ts';

export type { Checklist, ChecklistItem } from '../cluster/instance-store.ts';

/** Returns when the steps were done that the server cannot see by itself. */
export function readChecklistOf({ database }: Pick<ChangeContext, 'database'>): Promise<Checklist> {
  return readChecklist(database);
}

/** Notes that a step on the list is done now. It changes no account and no space, so it records no event. */
export function tickOffItem({ database, now }: ChangeContext, item: ChecklistItem): Promise<void> {
  return tickOff(database, item, now());
}
