import type { RouteDefinition } from './application.ts';

/** A route that fits a request, with what the path says for its variables. */
export interface RouteMatch {
  readonly route: RouteDefinition;
  /** Decoded. Empty for a route without variables. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Finds the route of a request. */
export type RouteFinder = (method: string, path: string) => RouteMatch | undefined;

interface PreparedRoute {
  readonly route: RouteDefinition;
  readonly method: string;
  readonly segments: readonly Segment[];
}

type Segment = { readonly kind: SegmentKind; readonly name: string };
type SegmentKind = keyof typeof specificity;

/** A fixed segment is more specific than a variable, and that more than `{rest+}`, which takes all that follows. */
const specificity = { fixed: 0, variable: 1, greedy: 2 } as const;

/**
 * Chooses routes as API Gateway does: a full match first, then the longest greedy one, then `$default`; among equals a
 * route of that very method before `ANY`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function prepareRoutes(routes: readonly RouteDefinition[]): RouteFinder {
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  const prepared = routes
    .filter((route) => route !== fallback)
    .map(prepare)
    .sort(bySpecificity);
  return (method, path) => {
    // The split is by the slashes that were sent as such: an encoded one belongs to its segment.
    const segments = path.slice(1).split('/').map(decodeURIComponent);
    for (const candidate of prepared) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const pathParameters = match(candidate.segments, segments);
      if (pathParameters !== undefined) return { route: candidate.route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
}

function prepare(route: RouteDefinition): PreparedRoute {
  const [method = '', path = ''] = route.routeKey.split(' ');
  const segments = path
    .slice(1)
    .split('/')
    .map((text): Segment => {
      const variable = /^\{(.+?)(\+?)\}$/.exec(text);
      if (variable === null) return { kind: 'fixed', name: text };
      return { kind: variable[2] === '+' ? 'greedy' : 'variable', name: variable[1] ?? '' };
    });
  return { route, method, segments };
}

function bySpecificity(a: PreparedRoute, b: PreparedRoute): number {
  const greedy = Number(a.segments.at(-1)?.kind === 'greedy') - Number(b.segments.at(-1)?.kind === 'greedy');
  if (greedy !== 0) return greedy;
  for (const [position, segment] of a.segments.entries()) {
    const other = b.segments[position];
    if (other === undefined) return -1;
    const difference = specificity[segment.kind] - specificity[other.kind];
    if (difference !== 0) return difference;
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function match(pattern: readonly Segment[], segments: readonly string[]): Record<string, string> | undefined {
  const pathParameters: Record<string, string> = {};
  for (const [position, { kind, name }] of pattern.entries()) {
    const segment = segments[position];
    if (segment === undefined || (kind !== 'fixed' && segment === '')) return undefined;
    if (kind === 'fixed' && segment !== name) return undefined;
    if (kind === 'variable') pathParameters[name] = segment;
    if (kind === 'greedy') return { ...pathParameters, [name]: segments.slice(position).join('/') };
  }
  return segments.length === pattern.length ? pathParameters : undefined;
}
