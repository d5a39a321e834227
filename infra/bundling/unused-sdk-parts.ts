import type { ModuleEdit } from './edit-modules.ts';

/**
 * Parts of the AWS SDK that its clients hold on to and that no function can reach. Code that did reach one would fail
 * at once, at the missing method or with the sentence given here.
 */
export const unusedSdkParts: readonly ModuleEdit[] = [
  {
    // The codec of two-way streaming operations such as S3 Select: 20 kB, and imported in a way that keeps esbuild
    // from dropping what it shares with the rest.
    file: '@smithy/core/dist-es/submodules/event-streams/index.js',
    edit: () => `
      export const EventStreamSerde = undefined;
      export const eventStreamSerdeProvider = undefined;
      export const resolveEventStreamSerdeConfig = (config) => config;`,
  },
  {
    // Whether an operation streams events is looked for in all its members, at the first call of each kind.
    file: '@smithy/core/dist-es/submodules/client/smithy-client/command.js',
    edit: (source) =>
      source
        .replace(/isEventStream = schema\[operationEventStreamMarker\] = Boolean\(.*\);/, 'isEventStream = false;')
        .replace(/^import \{ (schemaLogFilter|NormalizedSchema) \} from .*$/gm, '')
        .replaceAll('(op ? schemaLogFilter.bind(null, input) : (_) => _)', '((_) => _)')
        .replaceAll('(op ? schemaLogFilter.bind(null, output) : (_) => _)', '((_) => _)'),
  },
  {
    // Goes through input and output of each call in search of what is not to be logged, and hands it to a logger that
    // does nothing.
    file: '@aws-sdk/core/dist-es/submodules/client/middleware-logger/loggerMiddleware.js',
    edit: () => `
      export const loggerMiddleware = undefined;
      export const loggerMiddlewareOptions = undefined;
      export const getLoggerPlugin = () => ({ applyToStack: () => {} });`,
  },
  // The signer of the events in such a stream.
  { file: '@smithy/signature-v4/dist-es/HeaderFormatter.js', edit: () => 'export class HeaderFormatter {}' },
  {
    // How an extension may change a client's configuration. Without one, it comes out as it went in.
    file: '@aws-sdk/client-*/dist-es/runtimeExtensions.js',
    edit: () => `
      export const resolveRuntimeExtensions = (config, extensions) => {
        if (extensions.length > 0) throw new Error('Extensions of AWS clients are not in this bundle.');
        return config;
      };`,
  },
  {
    // Signing for several regions at once, which needs a package of its own that is not there anyway.
    file: '@aws-sdk/signature-v4-multi-region/dist-es/SignatureV4MultiRegion.js',
    edit: () => `
      import { SignatureV4SignWithCredentials } from './SignatureV4SignWithCredentials';
      export class SignatureV4MultiRegion extends SignatureV4SignWithCredentials {
        sign(request, options) {
          if (options?.signingRegion === '*') throw new Error('Signing for all regions is not in this bundle.');
          return super.sign(request, options);
        }
      }`,
  },
  // SHA-256 in JavaScript, for a Node.js that was built without OpenSSL.
  { file: '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js', edit: () => 'export class Sha256Js {}' },
  {
    // The retry mode for many callers of one throttled resource. The other mode, standard, is the default.
    file: '@smithy/core/dist-es/submodules/retry/util-retry/AdaptiveRetryStrategy.js',
    edit: () => `
      export class AdaptiveRetryStrategy {
        constructor() {
          throw new Error('The retry mode "adaptive" is not in this bundle: use "standard".');
        }
      }`,
  },
  {
    // Of a client's package.json, only the version is used, in the User-Agent.
    file: '@aws-sdk/client-*/package.json',
    edit: (source) => JSON.stringify({ version: JSON.parse(source).version }),
  },
  {
    // The names of the regions in English.
    file: '@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
    edit: (source) => source.replace(/^\s*"description": "[^"]*"$/gm, ''),
  },
  // Warns of Node.js versions before 22.
  {
    file: '@aws-sdk/core/dist-es/submodules/client/emitWarningIfUnsupportedVersion.js',
    edit: () => 'export const state = {}; export const emitWarningIfUnsupportedVersion = () => {};',
  },
];
