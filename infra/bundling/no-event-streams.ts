import { replaceModule } from './replace-module.ts';

/**
 * Leaves the codec for event streams (two-way streaming operations such as S3 Select) out of the bundle.
 *
 * No function calls such an operation; one that did would fail at once, at the missing class. Besides its own 20 kB,
 * the codec is imported lazily, which keeps esbuild from dropping whatever it shares with the rest.
 */
export const noEventStreams = replaceModule({
  name: 'no-event-streams',
  file: '@smithy/core/dist-es/submodules/event-streams/index.js',
  contents: `
    export const EventStreamSerde = undefined;
    export const eventStreamSerdeProvider = undefined;
    export const resolveEventStreamSerdeConfig = (config) => config;`,
});
