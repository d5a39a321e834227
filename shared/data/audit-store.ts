/** What names the changes that one request made in one organization: in its own trail and in those above it. */
export function auditItemId(requestId: string, organizationId: number): string {
  return `${requestId}.${organizationId}`;
}
