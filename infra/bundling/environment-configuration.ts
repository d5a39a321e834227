import { replaceModule } from './replace-module.ts';

/**
 * Lets the AWS SDK take its settings from code and environment variables, and never from `~/.aws/config`.
 *
 * A function has no such file, and looking for it means loading `node:fs/promises` and two failing reads before the
 * first request. The chain stays: environment first, then the built-in default.
 */
export const environmentConfiguration = replaceModule({
  name: 'environment-configuration',
  file: '@smithy/core/dist-es/submodules/config/node-config-provider/fromSharedConfigFiles.js',
  contents: `
    import { CredentialsProviderError } from '../property-provider/CredentialsProviderError';
    export const fromSharedConfigFiles = () => async () => {
      throw new CredentialsProviderError('This function has no shared configuration file.', { tryNextLink: true });
    };`,
});
