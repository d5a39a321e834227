/** Who may import whom: test/architecture enforces this table, and the README prints it. */
export interface Room {
  /** What is in it, in a few words. */
  readonly holds: string;
  /** Folders, or single files. */
  readonly mayImport: readonly string[];
  readonly packages: readonly (string | RegExp)[];
}

export const rooms: Readonly<Record<string, Room>> = {
  'shared/domain': {
    holds: 'what is decided: concepts, rules, use cases, and the ports that they need',
    mayImport: ['shared/domain'],
    packages: ['zod/mini', 'node:crypto', 'node:util'],
  },
  'shared/data': {
    holds: 'what is kept: the table, its items and transactions, one store a concept',
    mayImport: ['shared/data', 'shared/domain'],
    packages: ['zod/mini', 'node:crypto', /^@aws-sdk\/(client|lib)-dynamodb$/],
  },
  'shared/dialects': {
    holds: 'how each published API wraps its answers and words its refusals',
    mayImport: ['shared/dialects', 'shared/domain'],
    packages: ['zod/mini'],
  },
  'shared/http': {
    holds: 'how a request is understood: endpoint definitions and the Middy chain',
    mayImport: ['shared/http', 'shared/domain', 'shared/dialects/dialect.ts'],
    packages: ['zod/mini', 'node:crypto', '@middy/core', 'aws-lambda'],
  },
  'shared/runtime': {
    holds: 'the composition root: environment, AWS clients, services',
    mayImport: ['shared/runtime', 'shared/data', 'shared/domain', 'shared/http', 'shared/dialects/dialect.ts'],
    packages: ['node:crypto', /^@aws-sdk\//, 'aws-lambda'],
  },
  'shared/client': {
    holds: 'the typed client of the published API; for the console and the HTTP tests',
    mayImport: ['shared/client'],
    packages: [],
  },
  console: {
    holds: 'the pages that people look at; they know the API alone',
    mayImport: ['console', 'shared/client', 'shared/domain/access/roles.ts', 'shared/domain/access/permissions.ts'],
    packages: ['preact', 'preact/hooks', 'preact-iso', '@preact/signals'],
  },
  functions: {
    holds: 'one file, one Lambda: endpoints by dialect, jobs, stream consumers',
    mayImport: ['functions', 'shared/http', 'shared/runtime', 'shared/domain', 'shared/dialects'],
    packages: ['zod/mini', 'aws-lambda', 'node:fs/promises'],
  },
  'infra/local': {
    holds: 'the synthesized app on one machine; it knows nothing but cdk.out',
    mayImport: ['infra/local'],
    packages: [/./],
  },
  infra: {
    holds: 'the cloud: stacks and constructs, made from what endpoints say of themselves',
    mayImport: ['infra', 'shared/data/table.ts', 'shared/dialects', 'shared/http', 'shared/domain'],
    packages: [/./],
  },
};
