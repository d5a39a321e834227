import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, test } from 'vitest';
import { readPermissionUses } from '../support/recorded-calls.ts';
import { synthesizeTemplates } from '../support/synthesized-templates.ts';

/**
 * The HTTP suite has run before, on a local stack that recorded each call of each function. Here the calls are held
 * against the policies of the synthesized templates: nothing that was done is denied there, and nothing is granted
 * there that was not done.
 */
const recording = process.env.TENANTRY_RECORD_CALLS;
if (recording === undefined)
  throw new Error('Run the HTTP suite as well: vitest run --project stack --project alone --project permissions.');
const uses = readPermissionUses(recording);
const templates = await synthesizeTemplates('dev');

/** What Lambda itself does in the name of a function; no call of the function shows it. */
const usedByLambda = ['OwnLog', 'ReadStream', 'ListStreams', 'DeadLetters'];

/**
 * Jobs that finish what a consumer was stopped at. The HTTP suite kills nothing, so they find nothing to do; they do the
 * very work of the consumer, so what that one uses they may use.
 */
const finishes: Readonly<Record<string, string>> = {
  'tenantry-dev-job-finish-deletions': 'tenantry-dev-stream-follow-ups',
  'tenantry-dev-job-finish-moves': 'tenantry-dev-stream-follow-ups',
  'tenantry-dev-job-redrive-mail': 'tenantry-dev-stream-mailer',
};

/**
 * What the HTTP suite has no occasion for: it makes nothing as old as what the purge erases, deploys nothing, and has
 * nobody in thousands of organizations, which are counted then. Tests of their own hold what these do:
 * test/functions/jobs/purge-deleted.test.ts, test/infra/console-files.test.ts,
 * test/functions/access/organizations-of-one.test.ts.
 */
const provedElsewhere: Readonly<Record<string, readonly string[]>> = {
  'tenantry-dev-job-purge-deleted': [
    'dynamodb:BatchGetItem',
    'dynamodb:PutItem',
    'dynamodb:DeleteItem',
    'dynamodb:BatchWriteItem',
  ],
  'tenantry-dev-accounts-account-create': ['dynamodb:Query'],
  'tenantry-dev-platform-organization-create': ['dynamodb:Query'],
  'tenantry-dev-hierarchy-child-create': ['dynamodb:Query'],
  'tenantry-dev-platform-invitation-accept': ['dynamodb:Query'],
  'tenantry-dev-console-files': ['s3:ListBucket', 's3:PutObject', 's3:DeleteObject'],
};

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const functions = templates.ofType('AWS::Lambda::Function').map(({ stack, Properties }) => {
  const role = templates.target(stack, Properties.Role);
  const documents = role.Properties.Policies.map(({ PolicyDocument }: { PolicyDocument: unknown }) =>
    templates.resolve(stack, PolicyDocument),
  ) as { Statement: Statement[] }[];
  return {
    name: String(Properties.FunctionName),
    sender: Properties.Environment?.Variables?.MAIL_SENDER as string | undefined,
    documents,
    statements: documents.flatMap(({ Statement }) => Statement),
    own: usesOf(Properties.FunctionName),
    uses: [...usesOf(Properties.FunctionName), ...usesOf(finishes[Properties.FunctionName])],
  };
});

function usesOf(deployedName: string | undefined) {
  return uses.filter(({ functionName }) => functionName === deployedName);
}

/** Whether a granted resource is the one that was used, or, where its end is left open, begins as that does. */
function isUnder(granted: string, used: string): boolean {
  return granted.endsWith('*') ? used.startsWith(granted.slice(0, -1)) : used === granted;
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

test('calls of functions were recorded', () => {
  expect(uses.length).toBeGreaterThan(functions.length);
});

describe.each(functions.map((each) => [each.name, each] as const))('%s', (of, each) => {
  const { sender, documents, statements, own, uses } = each;

  test('is denied nothing that it needs', async () => {
    const denied: string[] = [];
    for (const { action, resource } of own) {
      const result = await runSimulation(
        {
          request: {
            principal: 'arn:aws:iam::000000000000:role/function',
            action,
            resource: { resource, accountId: '000000000000' },
            contextVariables: sender === undefined ? {} : { 'ses:FromAddress': sender },
          },
          identityPolicies: documents.map((policy, index) => ({ name: `Policy${index}`, policy })),
          serviceControlPolicies: [],
          resourceControlPolicies: [],
        },
        {},
      );
      if (result.resultType !== 'single' || result.result.analysis.result !== 'Allowed')
        denied.push(`${action} on ${resource}`);
    }
    expect(denied).toEqual([]);
  });

  test('is granted nothing that it does not use', () => {
    const unused = statements
      .filter(({ Sid }) => !usedByLambda.includes(Sid))
      .flatMap(({ Action, Resource }) =>
        list(Resource).flatMap((resource) => list(Action).map((action) => ({ action, resource }))),
      )
      .filter(({ action }) => !provedElsewhere[of]?.includes(action))
      .filter(({ action, resource }) => !uses.some((use) => use.action === action && isUnder(resource, use.resource)));
    expect(unused.map(({ action, resource }) => `${action} on ${resource}`)).toEqual([]);
  });
});
