import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';

/** The OpenAPI document of everything. It is written beside the function's bundle when that is made. */
export const endpoint = defineEndpoint(auth, {
  operation: 'openapi.read',
  method: 'GET',
  path: '/openapi.json',
  summary: 'The OpenAPI 3.1 document of everything',
  permission: { public: 'it is documentation' },
  table: { actions: [] },
  request: {},
  responses: { 200: z.record(z.string(), z.unknown()) },
  errors: [],
  contentType: 'application/json',
});

let text: string | undefined;

export const handler = serve(endpoint, {}, async () => {
  text ??= await readFile(new URL('./openapi.json', import.meta.url), 'utf8');
  return respond(200, text, { headers: { 'cache-control': 'public, max-age=300' } });
});
