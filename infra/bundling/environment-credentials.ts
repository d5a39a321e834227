import type { ModuleEdit } from './edit-modules.ts';

/**
 * Leaves one way to find AWS credentials in the bundle: the environment variables, which is where Lambda puts them.
 *
 * The default chain also knows shared files, single sign-on, web identity, container and instance metadata, each with
 * a client of its own. None of them can answer inside a function, and together they are 40 % of the DynamoDB client.
 */
export const environmentCredentials: readonly ModuleEdit[] = [
  {
    file: '@aws-sdk/credential-provider-node/dist-es/index.js',
    edit: () => `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
  },
];
