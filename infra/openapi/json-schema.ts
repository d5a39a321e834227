import * as z from 'zod';
import type { ZodMiniType } from 'zod/mini';
import { someField } from '../../shared/http/fields.ts';

/** A JSON Schema, draft 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a caller may send: a value before it is read, so every transformation counts with its input. */
export function inputSchema(schema: ZodMiniType): JsonSchema {
  return withoutDialect(
    z.toJSONSchema(schema, {
      io: 'input',
      unrepresentable: 'any',
      override({ zodSchema, jsonSchema }) {
        const { def } = zodSchema._zod;
        if (def.checks?.some((check: unknown) => check === someField)) jsonSchema.minProperties = 1;
        // A number in a query, or a yes or no, travels as text; the default tells what it is read into.
        if (def.type !== 'default' || jsonSchema.type !== 'string') return;
        const type = { number: 'integer', boolean: 'boolean' }[typeof def.defaultValue as string];
        if (type === undefined) return;
        delete jsonSchema.enum;
        Object.assign(jsonSchema, { type, default: def.defaultValue });
      },
    }),
  );
}

/** What the API answers. Fields may be added to an answer at any time, so a reader has to expect unknown ones. */
export function outputSchema(schema: ZodMiniType): JsonSchema {
  return withoutDialect(
    z.toJSONSchema(schema, {
      io: 'output',
      unrepresentable: 'any',
      override({ jsonSchema }) {
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    }),
  );
}

/** One field of an object schema. */
export interface SchemaField {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: JsonSchema;
}

/** The fields of an object schema, as a caller may send them. */
export function inputFields(schema: ZodMiniType | undefined): readonly SchemaField[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = inputSchema(schema) as {
    properties?: Record<string, JsonSchema>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, field]) => ({
    name,
    isRequired: required.includes(name),
    schema: field,
  }));
}

function withoutDialect({ $schema: _, ...schema }: Record<string, unknown>): JsonSchema {
  return schema;
}
