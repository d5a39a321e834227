import { expect, test } from 'vitest';
import { prepareRoutes } from '../../infra/local/http-routes.ts';

/** The routes of the example in API Gateway's own documentation, in an order that says nothing. */
const find = prepareRoutes(
  [
    '$default',
    'ANY /{proxy+}',
    'GET /pets/{proxy+}',
    'GET /pets/dog/{id}',
    'ANY /pets/dog/1',
    'GET /pets/dog/1',
    'POST /a/{b}/c/{d}',
  ].map((routeKey) => ({ routeKey, functionArn: routeKey, timeoutMilliseconds: 1 })),
);
const chosen = (method: string, path: string) => find(method, path)?.route.routeKey;

test('the most specific route is chosen, and of two equal ones that of the method', () => {
  expect(chosen('GET', '/pets/dog/1')).toBe('GET /pets/dog/1');
  expect(chosen('PUT', '/pets/dog/1')).toBe('ANY /pets/dog/1');
  expect(chosen('GET', '/pets/dog/2')).toBe('GET /pets/dog/{id}');
  expect(chosen('GET', '/pets/cat/1')).toBe('GET /pets/{proxy+}');
  expect(chosen('POST', '/pets/cat/1')).toBe('ANY /{proxy+}');
  expect(chosen('GET', '/')).toBe('$default');
});

test('path variables are decoded after the path was split', () => {
  expect(find('POST', '/a/x%2Fy/c/%C3%A9%20+')?.pathParameters).toEqual({ b: 'x/y', d: 'é +' });
  expect(find('GET', '/pets/a/b%20c')?.pathParameters).toEqual({ proxy: 'a/b c' });
  expect(find('GET', '/%70ets/dog/1')?.route.routeKey).toBe('GET /pets/dog/1');
});

test('an empty segment is no value, and a slash at the end is a segment', () => {
  expect(chosen('POST', '/a//c/d')).toBe('ANY /{proxy+}');
  expect(chosen('PUT', '/pets/dog/1/')).toBe('ANY /{proxy+}');
});

test('a path that is no text is refused, and without a default there may be no route', () => {
  expect(() => find('GET', '/%zz')).toThrow(URIError);
  expect(prepareRoutes([])('GET', '/')).toBeUndefined();
});
