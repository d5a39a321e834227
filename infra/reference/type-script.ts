import type { Example } from './example.ts';
import type { Operation } from './operations.ts';

/** What the calls use without saying where it comes from: declared here for whoever checks them. */
export const typeScriptSurroundings = `import { createClient } from 'CLIENT';
declare const url: string;
declare const token: string;
declare const clientId: string;
declare const clientSecret: string;
declare const etag: string | undefined;
declare const logo: Blob;
`;

/** Longer lists and objects have a line for each of their parts. */
const widthMax = 56;

/** The example as a call of the typed client. */
export function typeScriptCall({ id, successes }: Operation, { request }: Example): string {
  const { headers } = request;
  const settings = headers['client-id']
    ? '\n  url,\n  credential: { clientId, clientSecret },\n'
    : headers.authorization
      ? ' url, credential: token '
      : ' url ';
  const input = {
    ...(isEmpty(request.path) ? {} : { path: request.path }),
    ...(isEmpty(request.query) ? {} : { query: request.query }),
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(request.file === undefined ? {} : { body: { [request.file.field]: logo } }),
  };
  const said = [
    `'${id}'`,
    ...(isEmpty(input) ? [] : [literal(input, '')]),
    ...(headers['if-match'] === undefined ? [] : ['{ ifMatch: etag }']),
  ].join(', ');
  const [success] = successes;
  const result = success?.schema === undefined ? '' : 'const { body } = ';
  return `const client = createClient({${settings}});\n${result}await client(${said});`;
}

/** Stands for the variable that holds a file. */
const logo = Symbol('logo');

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

/** A value as TypeScript writes it: on one line where that is short. */
function literal(value: unknown, indent: string): string {
  if (value === logo) return 'logo';
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&')}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const parts = (deeper: string) =>
    Array.isArray(value)
      ? value.map((each) => literal(each, deeper))
      : Object.entries(value).map(
          ([name, each]) => `${/^\w+$/.test(name) ? name : `'${name}'`}: ${literal(each, deeper)}`,
        );
  const space = open === '{' && !isEmpty(value) ? ' ' : '';
  const short = `${open}${space}${parts('').join(', ')}${space}${close}`;
  if (short.length + indent.length <= widthMax && !short.includes('\n')) return short;
  return `${open}\n${parts(inner)
    .map((part) => `${inner}${part},\n`)
    .join('')}${indent}${close}`;
}
