import type { ModuleEdit } from './edit-modules.ts';

/**
 * Lets the AWS SDK take its settings from code and environment variables, and from nowhere else.
 *
 * A function has no `~/.aws/config`, and looking for it means loading `node:fs/promises` and two failing reads before
 * the first request. It has no instance metadata either; its region is in the environment.
 */
export const environmentConfiguration: readonly ModuleEdit[] = [
  {
    file: '@smithy/core/dist-es/submodules/config/node-config-provider/fromSharedConfigFiles.js',
    edit: () => `
      import { CredentialsProviderError } from '../property-provider/CredentialsProviderError';
      export const fromSharedConfigFiles = () => async () => {
        throw new CredentialsProviderError('This function has no shared configuration file.', { tryNextLink: true });
      };`,
  },
  {
    file: '@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js',
    edit: () => 'export const getInstanceMetadataRegion = async () => undefined;',
  },
  {
    // The trace of the request, which Lambda's loop detection follows. The store that the SDK asks first is for
    // functions that work on several requests at once; these work on one.
    file: '@aws-sdk/core/dist-es/submodules/client/middleware-recursion-detection/recursionDetectionMiddleware.js',
    edit: () => `
      export const recursionDetectionMiddleware = () => (next) => (args) => {
        const { AWS_LAMBDA_FUNCTION_NAME, _X_AMZN_TRACE_ID } = process.env;
        if (AWS_LAMBDA_FUNCTION_NAME && _X_AMZN_TRACE_ID) args.request.headers['X-Amzn-Trace-Id'] ??= _X_AMZN_TRACE_ID;
        return next(args);
      };`,
  },
];
