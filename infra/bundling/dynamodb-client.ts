import { join } from 'node:path';
import type { ModuleEdit } from './edit-modules.ts';

/**
 * Puts `replacements/dynamodb-client.ts` in the place of the SDK's DynamoDB client, and makes its commands what that
 * client takes.
 */
export const dynamodbClient: readonly ModuleEdit[] = [
  {
    file: '@aws-sdk/client-dynamodb/dist-es/DynamoDBClient.js',
    edit: () =>
      `export { DynamoDBClient } from ${JSON.stringify(join(import.meta.dirname, 'replacements/dynamodb-client.ts'))};`,
  },
  {
    file: '@aws-sdk/client-dynamodb/dist-es/commandBuilder.js',
    edit: (source) => `
      export const command = (parameters, middleware, operation) =>
        class {
          operation = operation;
          constructor(input) {
            this.input = input;
          }
        };
      ${without(source, 'command')}`,
  },
  {
    file: '@aws-sdk/client-dynamodb/dist-es/schemas/schemas_0.js',
    edit: (source) => without(source),
  },
  {
    file: '@aws-sdk/lib-dynamodb/dist-es/DynamoDBDocumentClient.js',
    edit: () => `
      import { marshallInput, unmarshallOutput } from './commands/utils';
      export class DynamoDBDocumentClient {
        constructor(client, { marshallOptions = {}, unmarshallOptions = {} } = {}) {
          this.client = client;
          this.marshallOptions = { convertTopLevelContainer: true, ...marshallOptions };
          this.unmarshallOptions = { convertWithoutMapWrapper: true, ...unmarshallOptions };
        }
        static from(client, translateConfig) {
          return new DynamoDBDocumentClient(client, translateConfig);
        }
        async send({ clientCommand: { operation }, input, inputKeyNodes, outputKeyNodes }) {
          const output = await this.client.send({
            operation,
            input: marshallInput(input, inputKeyNodes, this.marshallOptions),
          });
          return unmarshallOutput(output, outputKeyNodes, this.unmarshallOptions);
        }
      }`,
  },
  {
    file: '@aws-sdk/lib-dynamodb/dist-es/baseCommand/DynamoDBDocumentClientCommand.js',
    edit: () => 'export class DynamoDBDocumentClientCommand {}',
  },
  {
    file: '@aws-sdk/lib-dynamodb/dist-es/commands/*Command.js',
    edit: (source) =>
      source
        .replace(/^ {4}resolveMiddleware\([\s\S]*?^ {4}\}$/m, '')
        .replace(/^ {4}clientCommand;\n {4}middlewareStack;$/m, '')
        .replace(/^ {8}this\.middlewareStack = .*$/m, ''),
  },
];

/** The exported names of a source, without what they stand for. */
function without(source: string, ...kept: readonly string[]): string {
  const names = [...source.matchAll(/^export (?:var|const) ([\w$]+) =/gm)].map(([, name = '']) => name);
  return names
    .filter((name) => !kept.includes(name))
    .map((name) => `export const ${name} = undefined;`)
    .join('\n');
}
