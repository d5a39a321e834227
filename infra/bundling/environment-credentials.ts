import type { Plugin } from 'esbuild';

/**
 * Leaves one way to find AWS credentials in the bundle: the environment variables, which is where Lambda puts them.
 *
 * The default chain also knows shared files, single sign-on, web identity, container and instance metadata. None of
 * them can answer inside a function, and together they are a third of the client.
 */
export const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ resolveDir }) => ({
      path: 'environment-credentials',
      namespace: 'environment-credentials',
      pluginData: resolveDir,
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace: 'environment-credentials' }, ({ pluginData }) => ({
      contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
      resolveDir: pluginData,
      loader: 'js',
    }));
  },
};
