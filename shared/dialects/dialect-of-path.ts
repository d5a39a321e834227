import { accounts } from './accounts/envelope.ts';
import { auth } from './auth/envelope.ts';
import type { Dialect } from './dialect.ts';
import { hierarchy } from './hierarchy/envelope.ts';
import { organizationAdmin } from './organization-admin/envelope.ts';
import { platform } from './platform/envelope.ts';

const dialects = [organizationAdmin, platform, accounts, hierarchy];

/** The dialect that a path belongs to by its prefix; our own for everything else. */
export function dialectOfPath(path: string): Dialect {
  return dialects.find(({ pathPrefix }) => path === pathPrefix || path.startsWith(`${pathPrefix}/`)) ?? auth;
}
