import { type Actor, actorColumns, actorOfColumns } from '../events/actor.ts';
import { required } from '../lib/required.ts';
import type { ActorColumns } from '../storage/columns.ts';
import type { Import, ImportOptions } from './import.ts';

/** The actor and the options of an import. */
type Wish = Pick<Import, 'actor' | 'options'>;

/** Returns actor and options as they are stored. Whether the actor is in the panel is stored as an option. */
export function wishColumns({ actor, options }: Wish): ActorColumns & { readonly options: string } {
  const { isInPanel = false } = actor;
  return { ...actorColumns(actor), options: JSON.stringify({ ...options, isInPanel }) };
}

export function wishOfColumns(row: ActorColumns & { readonly options: string }): Wish {
  // An import from an earlier version does not say this, so the stricter rule for passwords applies.
  const { isInPanel = true, ...options } = JSON.parse(row.options) as ImportOptions & Pick<Actor, 'isInPanel'>;
  return { actor: { ...required(actorOfColumns(row) ?? undefined), isInPanel }, options };
}
