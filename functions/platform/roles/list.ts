import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { permissions } from '../../../shared/domain/access/permissions.ts';
import { roleNames, roles } from '../../../shared/domain/access/roles.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';

const IamRole = z.object({ id: z.int(), name: z.enum(roleNames), permissions: z.array(z.enum(permissions)) });

/** The roles that a member can have, strongest first, with what each allows. */
export const endpoint = defineEndpoint(platform, {
  operation: 'role.list',
  method: 'GET',
  path: '/api/organizations/{organizationId}/iam-roles',
  summary: 'List the IAM roles',
  permission: 'organization:read',
  table: { actions: [] },
  request: {},
  responses: { 200: successOf(z.array(IamRole)) },
  errors: [],
});

export const handler = serve(endpoint, {}, async () => {
  const data = roleNames.map((name) => ({ id: roles[name].id, name, permissions: [...roles[name].permissions] }));
  return respond(200, succeeded('All IAM Roles', data));
});
