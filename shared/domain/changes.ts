/** What a mutation touched, as the audit trail names it. */
export const auditEntities = [
  'organization',
  'member',
  'invitation',
  'workspace',
  'customizations',
  'credential',
  'wallet',
  'limit',
] as const;

export type AuditEntity = (typeof auditEntities)[number];

export const auditActions = ['insert', 'update', 'delete'] as const;

/** One thing that a mutation changed. `oldData` and `newData` hold the changed fields only and never a secret. */
export interface AuditChange {
  readonly organizationId: number;
  readonly action: (typeof auditActions)[number];
  readonly entity: AuditEntity;
  readonly entityId: string;
  readonly oldData: Readonly<Record<string, unknown>> | null;
  readonly newData: Readonly<Record<string, unknown>> | null;
}

/** Who is behind a mutation. */
export interface Author {
  readonly email: string;
  readonly credentialId: number | null;
}

/**
 * Writes that become true together or not at all. Stores add to it, the audit trail rides along, and whoever opened
 * it commits it once the answer is known. A rule is a condition of a write: it refuses the whole.
 */
export interface Changes {
  /** Who the audit entries name. Set by authentication, or by the use case where the caller signs in by it. */
  author: Author;
  audit(change: AuditChange): void;
}
