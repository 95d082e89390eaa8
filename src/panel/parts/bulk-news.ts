import { openSealed, type Sealing, seal } from '../../http/sealed.ts';
import type { SpaceView } from '../view.ts';
import type { BulkNews } from './bulk-actions.ts';
import { type ListQuery, listPath, withQuery } from './list-query.ts';

/** What the list says about changed accounts, and which ones *Undo* is for. */
export interface ShownNews {
  readonly done: 'block' | 'unblock';
  readonly count: number;
  /** Empty if there are too many, or some of them were blocked by earlier attempts. */
  readonly ids: readonly number[];
  /** The moment at which all of them were blocked together, if `ids` is empty. */
  readonly blockedAt?: number;
}

type ListView = Pick<SpaceView, 'app' | 'caller' | 'space'>;

/** Up to this number, *Undo* lists the accounts. */
const maxNamed = 50;
/** For this long, the list says what was done, also if it is loaded again. */
const shownForMs = 10 * 60_000;
const field = 'news';

/**
 * Returns the path of the list with the message about changed accounts. The message is sealed: a link from elsewhere
 * could otherwise say that accounts were blocked, and offer to unblock others as *Undo*.
 */
export function pathAfter(view: ListView, query: ListQuery, news: BulkNews): string {
  const sealed = seal(view.app, JSON.stringify(shownOf(news)), { ...sealingOf(view), lifetimeMs: shownForMs });
  return withQuery(listPath({ ...query, open: undefined }), { [field]: sealed });
}

/** Returns the message in the query of the list, if this person's change in this session put it there just now. */
export function newsIn(view: ListView, query: URLSearchParams): ShownNews | undefined {
  const text = openSealed(view.app, query.get(field) ?? '', sealingOf(view));
  return text === undefined ? undefined : (JSON.parse(text) as ShownNews);
}

function shownOf({ done, count, ids, at }: BulkNews): ShownNews {
  if (count === ids.length && count <= maxNamed) return { done, count, ids };
  return { done, count, ids: [], ...(done === 'block' ? { blockedAt: at } : {}) };
}

function sealingOf({ caller, space }: ListView): Sealing {
  return { caller, place: `the accounts of ${space.id}` };
}
