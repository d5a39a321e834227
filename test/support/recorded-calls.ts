import { readFileSync } from 'node:fs';

/** One use of a permission: by whom, what, and on which resource. */
export interface PermissionUse {
  /** As deployed. */
  readonly functionName: string;
  /** As IAM names it, so of the parts of a transaction each by itself. */
  readonly action: string;
  readonly resource: string;
}

interface RecordedCall {
  readonly functionName: string;
  readonly action: string;
  readonly resources: readonly string[];
  readonly request: unknown;
}

const transactionParts: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/**
 * What the functions of a local stack did that takes a permission, each once.
 * @param file what `TENANTRY_RECORD_CALLS` named when the stack was started
 */
export function readPermissionUses(file: string): readonly PermissionUse[] {
  const uses = new Map<string, PermissionUse>();
  // What follows the last end of a line is still being written.
  for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const call: RecordedCall = JSON.parse(line);
    for (const action of actionsOf(call))
      for (const resource of call.resources) {
        const use = { functionName: call.functionName, action, resource: verifiedIdentity(resource) };
        uses.set(JSON.stringify(use), use);
      }
  }
  return [...uses.values()];
}

function actionsOf({ action, request }: RecordedCall): readonly string[] {
  if (!/^dynamodb:Transact(Write|Get)Items$/.test(action)) return [action];
  const { TransactItems } = request as { TransactItems: readonly object[] };
  return TransactItems.flatMap((item) => Object.keys(item).map((part) => transactionParts[part] ?? part));
}

/** SES holds a mail against the identities that are verified for its addresses; a stage verifies whole domains. */
function verifiedIdentity(resource: string): string {
  return resource.replace(/(:identity\/).*@/, '$1');
}
