import type { Route } from '../../src/http/route.ts';
import { panelRoutes } from '../../src/panel/routes.ts';

/** Values for the parameters in the paths of pages; several if the page then looks different. */
export type PathValues = Readonly<Record<string, string | readonly string[]>>;

export interface PanelPage {
  /** The path pattern of the route. */
  readonly route: string;
  /** Path and query. */
  readonly path: string;
  readonly caller: Route['caller'];
}

/** Queries that make a page look different. */
const queries: Readonly<Record<string, readonly string[]>> = {
  '/admin/accounts': ['?search=nobody+at+all', '?done=save', '?filter=failed&reason=mail'],
  '/admin/invitations': ['?filter=failed'],
  '/admin/accounts/:id': ['?done=save'],
};

/** Returns the URLs of every page of the panel. Fails if a parameter of a path has no value. */
export function everyPage(values: PathValues): readonly PanelPage[] {
  return panelRoutes
    .filter(({ method, endpoint }) => method === 'GET' && endpoint.produces?.includes('text/html'))
    .flatMap(({ path: route, caller }) => {
      const paths = pathsOf(route, values);
      const [first = route] = paths;
      const more = (queries[route] ?? []).map((query) => `${first}${query}`);
      return [...paths, ...more].map((path) => ({ route, path, caller }));
    });
}

function pathsOf(route: string, values: PathValues): readonly string[] {
  const [, name] = /:(\w+)/.exec(route) ?? [];
  if (name === undefined) return [route];
  // The same parameter can mean different things: `/setup/:token` and `/login/link/:token`.
  const known = values[`${route} ${name}`] ?? values[name];
  if (known === undefined) throw new Error(`There is no value for :${name} of ${route}.`);
  return [known].flat().flatMap((value) => pathsOf(route.replace(`:${name}`, encodeURIComponent(value)), values));
}
