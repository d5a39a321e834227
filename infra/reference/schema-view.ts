import type { JsonSchema } from '../openapi/json-schema.ts';
import { type Content, type Html, html } from './html.ts';
import { inlineMarkdown } from './markdown.ts';

/** A schema as somebody reads it: what it is in a few words, and its fields below. */
export function schemaView(schema: JsonSchema): Html {
  const type = schema.type === 'object' && schema.properties ? undefined : html`<p class="type">${typeOf(schema)}</p>`;
  return html`${type}${limitsOf(schema)}${fieldsBelow(schema)}`;
}

/** The fields of an object, or of the objects in a list, each with its own below; nothing where there are none. */
export function fieldsBelow(schema: JsonSchema): Html | undefined {
  const inner = carrierOf(schema);
  const properties = Object.entries((inner.properties ?? {}) as Record<string, JsonSchema>);
  if (properties.length === 0) return undefined;
  const required = new Set((inner.required ?? []) as readonly string[]);
  return html`<ul class="fields">${properties.map(([name, field]) => fieldView(name, field, required.has(name)))}</ul>`;
}

/** One field: its name, what it is, whether it has to be there, and what is below it. */
export function fieldView(name: string, schema: JsonSchema, isRequired: boolean, note?: Content): Html {
  const description = note ?? (typeof schema.description === 'string' && inlineMarkdown(schema.description));
  return html`<li>
<p class="field"><code class="field-name">${name}</code> <span class="type">${typeOf(schema)}</span>${!isRequired && html` <span class="optional">optional</span>`}</p>
${description && html`<p class="note">${description}</p>`}${limitsOf(schema)}${fieldsBelow(schema)}</li>`;
}

/** Where the fields are: in the schema itself, in what a list holds, or in what may be null. */
function carrierOf(schema: JsonSchema): JsonSchema {
  const choice = choicesOf(schema).find((each) => carrierOf(each).properties !== undefined);
  if (schema.properties === undefined && choice) return carrierOf(choice);
  if (schema.type === 'array' && schema.items) return carrierOf(schema.items as JsonSchema);
  return schema;
}

function choicesOf({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] {
  return (anyOf ?? oneOf ?? []) as readonly JsonSchema[];
}

/** `string`, `integer or null`, `array of objects`. */
function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return typeof schema.const;
  const choices = choicesOf(schema);
  if (choices.length > 0) return [...new Set(choices.map(typeOf))].join(' or ');
  if (Array.isArray(schema.type)) return schema.type.join(' or ');
  if (schema.contentMediaType) return 'file';
  switch (schema.type) {
    case undefined:
      return schema.enum ? 'string' : 'any JSON value';
    case 'array':
      return `array of ${plural(typeOf((schema.items ?? {}) as JsonSchema))}`;
    case 'string':
      return typeof schema.format === 'string' ? `string · ${schema.format}` : 'string';
    default:
      return String(schema.type);
  }
}

function plural(type: string): string {
  return type === 'any JSON value' ? 'any JSON values' : type.replace(/^\w+/, (word) => `${word}s`);
}

/** What is allowed beyond the type. The range of safe integers is not worth a word. */
function limitsOf(schema: JsonSchema): Html | undefined {
  const inner = choicesOf(schema).find(({ type }) => type !== 'null') ?? schema;
  const { minLength, maxLength, minimum, maximum, minItems, maxItems } = inner as Record<string, number | undefined>;
  const isSafe = (value: number | undefined) => value === undefined || Math.abs(value) === Number.MAX_SAFE_INTEGER;
  const bounds = (low: number | undefined, high: number | undefined, unit: string) =>
    low === undefined && high === undefined
      ? undefined
      : high === undefined
        ? `at least ${counted(low ?? 0, unit)}`
        : low === undefined || low === 0
          ? `at most ${counted(high, unit)}`
          : low === high
            ? `exactly ${counted(low, unit)}`
            : `${low.toLocaleString('en')} to ${counted(high, unit)}`;
  const words = [
    bounds(minLength, maxLength, 'character'),
    bounds(minItems, maxItems, 'element'),
    isSafe(minimum) && isSafe(maximum)
      ? undefined
      : bounds(isSafe(minimum) ? undefined : minimum, isSafe(maximum) ? undefined : maximum, ''),
    inner.default === undefined ? undefined : `${JSON.stringify(inner.default)} by default`,
  ].filter((word) => word !== undefined);
  const items = (inner.type === 'array' ? inner.items : undefined) as JsonSchema | undefined;
  const values = (inner.enum ?? items?.enum ?? (inner.const === undefined ? undefined : [inner.const])) as
    | unknown[]
    | undefined;
  if (words.length === 0 && values === undefined) return undefined;
  return html`<p class="limits">${words.join(', ')}${words.length > 0 && values ? '; ' : ''}${
    values &&
    html`${values.length > 1 && 'one of '}${values.map((value, at) => html`${at > 0 && ', '}<code>${String(value)}</code>`)}`
  }</p>`;
}

function counted(count: number, unit: string): string {
  const number = count.toLocaleString('en');
  return unit === '' ? number : `${number} ${unit}${count === 1 ? '' : 's'}`;
}
