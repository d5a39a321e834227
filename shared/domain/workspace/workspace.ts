import type { Timestamp } from '../timestamp.ts';

export const workspaceStatuses = ['active', 'inactive'] as const;

export type WorkspaceStatus = (typeof workspaceStatuses)[number];

/** A part of an organization that members are assigned to. */
export interface Workspace {
  readonly id: number;
  readonly organizationId: number;
  /** Unique in the organization, whatever its case. */
  readonly name: string;
  readonly description: string | null;
  readonly status: WorkspaceStatus;
  readonly version: number;
  readonly createdAt: Timestamp;
}

/** What a workspace says of itself. */
export type WorkspaceProfile = Pick<Workspace, 'name' | 'description' | 'status'>;

/** The form in which the names of workspaces are told apart. */
export function workspaceNameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
