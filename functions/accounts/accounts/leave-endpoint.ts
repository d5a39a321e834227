import * as z from 'zod/mini';
import type { EndpointDefinition, RequestSchemas } from '../../../shared/http/define-endpoint.ts';

/** What leaving is, whichever way it is asked for. */
export const leaving = {
  path: '/organizations/{organization_id}/leave',
  permission: 'member',
  allowedWhenInactive: true,
  table: {
    actions: ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    indexes: ['inOrderOfRole'],
  },
  request: {},
  responses: { 200: z.object({ message: z.string() }) },
  errors: ['forbidden', 'member_not_found', 'last_owner'],
} as const satisfies Partial<EndpointDefinition<RequestSchemas>>;

export const leftMessage = { message: 'You have left the organization.' };
