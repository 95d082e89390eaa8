import type { FastifyRequest } from 'fastify';
import { type ListFilterName, listFilters, mailFailure } from '../../accounts/account-state.ts';
import type { ListFilter } from '../../administration/account-list.ts';
import { recentDays, recentMs } from '../../administration/attention.ts';
import { queryOf } from '../../http/client-facts.ts';
import { parseId } from '../../lib/parse-id.ts';
import type { Space } from '../../spaces/space.ts';

const maxSearchLength = 200;

/** The query of the list, except for the space in view. */
export interface ListQuery {
  readonly search: string;
  readonly filter: ListFilterName | undefined;
  readonly group: string;
  /** The reason of failure that the list is limited to; empty for any. */
  readonly failure: string;
  /** Whether the list is limited to recent failures, as on the overview. */
  readonly isRecent: boolean;
  /** The id of the last account before the page. */
  readonly after: number;
  /** The id of the account whose code is shown. */
  readonly open: number | undefined;
  /** The ids of accounts with ticked boxes, so that showing a code or refusing an action does not lose them. */
  readonly ticked: readonly number[];
  /** Whether *All that match* is ticked. */
  readonly isAll: boolean;
}

export function listQueryOf(request: FastifyRequest): ListQuery {
  const query = queryOf(request);
  return {
    // Two cells that were pasted from a table have a tab between them.
    search: (query.get('search') ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, maxSearchLength),
    filter: listFilters.find((each) => each === query.get('filter')),
    failure: failureOf(query),
    isRecent: failureOf(query) !== '' && query.get('days') === String(recentDays),
    group: (query.get('group') ?? '').slice(0, maxSearchLength),
    after: parseId(query.get('after') ?? '') ?? 0,
    open: parseId(query.get('open') ?? ''),
    ticked: query.getAll('account').flatMap((text) => parseId(text) ?? []),
    isAll: query.get('all') === 'true',
  };
}

export function listFilterOf(space: Space, query: ListQuery, now: number): ListFilter {
  const { search, filter, group, failure, isRecent } = query;
  const failedSince = isRecent ? now - recentMs : undefined;
  const narrow = { filter, group: group || undefined, failure: failure || undefined, failedSince };
  return { spaceIds: [space.id], search, ...narrow };
}

/** The name of all mail failures in URLs, because mail servers word them differently. */
const mailReason = 'mail';

/** Returns the name of a failure's reason in URLs. */
export function reasonName(failure: string): string {
  return failure.startsWith(mailFailure) ? mailReason : failure;
}

function failureOf(query: URLSearchParams): string {
  const reason = (query.get('reason') ?? '').slice(0, maxSearchLength);
  if (query.get('filter') !== 'failed') return '';
  return reason === mailReason ? mailFailure : reason;
}

/** Adds these fields to the query of a path. */
export function withQuery(path: string, fields: Readonly<Record<string, string>> | URLSearchParams): string {
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(fields)}`;
}

/** Returns the path of the list with this query, or of a page `below` the list. */
export function listPath(asked: Partial<ListQuery>, below = ''): string {
  const { search, filter, group, failure, isRecent, after, open } = asked;
  const query = new URLSearchParams({
    ...(search ? { search } : {}),
    ...(filter === undefined ? {} : { filter }),
    ...(group ? { group } : {}),
    ...(failure ? { reason: reasonName(failure) } : {}),
    ...(isRecent ? { days: String(recentDays) } : {}),
    ...(after ? { after: String(after) } : {}),
    ...(open === undefined ? {} : { open: String(open) }),
  });
  return `/admin/accounts${below}${query.size === 0 ? '' : `?${query}`}`;
}
