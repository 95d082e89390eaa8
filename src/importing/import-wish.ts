import { type Actor, actorColumns, actorOfColumns } from '../events/actor.ts';
import { required } from '../lib/required.ts';
import type { ActorColumns } from '../storage/columns.ts';
import type { Import, ImportOptions } from './import.ts';

/** Who wants an import, and how. */
type Wish = Pick<Import, 'actor' | 'options'>;

/** Returns a wish as it is stored: whether the actor is in the panel stands among the options. */
export function wishColumns({ actor, options }: Wish): ActorColumns & { readonly options: string } {
  const { isInPanel = false } = actor;
  return { ...actorColumns(actor), options: JSON.stringify({ ...options, isInPanel }) };
}

export function wishOfColumns(row: ActorColumns & { readonly options: string }): Wish {
  // An import that an earlier version stored does not say it, and keeps the stricter rule for passwords.
  const { isInPanel = true, ...options } = JSON.parse(row.options) as ImportOptions & Pick<Actor, 'isInPanel'>;
  return { actor: { ...required(actorOfColumns(row) ?? undefined), isInPanel }, options };
}
