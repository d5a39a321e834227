import { jsonText } from './code-block.ts';
import type { Example } from './example.ts';
import type { Operation } from './operations.ts';

/** Where the examples find the API: a variable, so that they run as they stand once it is set. */
const apiVariable = '$TENANTRY_URL';

/** The example as a command for a shell. */
export function curlCommand(operation: Operation, { request }: Example): string {
  const { method } = operation;
  const target = `${apiVariable}${filledPath(operation, request.path)}${queryText(request.query)}`;
  const hasBody = request.body !== undefined || request.file !== undefined;
  const isImplied = method === (hasBody ? 'POST' : 'GET');
  const lines = [
    `curl ${isImplied ? '' : `-X ${method} `}"${target}"`,
    ...Object.entries(request.headers)
      .filter(([name]) => name !== 'content-type')
      .map(([name, value]) => `-H "${properName(name)}: ${value.replaceAll('"', '\\"')}"`),
    ...(request.body === undefined
      ? []
      : [
          '-H "Content-Type: application/json"',
          `-d '${jsonText(request.body).replaceAll('\n', '\n  ').replaceAll("'", "'\\''")}'`,
        ]),
    ...(request.file === undefined
      ? []
      : [`-F "${request.file.field}=@${request.file.name};type=${request.file.contentType}"`]),
  ];
  return lines.join(' \\\n  ');
}

/** The path with its parameters filled in. */
export function filledPath({ path }: Operation, values: Example['request']['path']): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

function queryText(query: Example['request']['query']): string {
  const text = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return text === '' ? '' : `?${text}`;
}

/** `If-Match` for `if-match`. */
export function properName(header: string): string {
  if (header === 'x-api-key') return 'X-API-KEY';
  if (header === 'client-id') return 'Client-ID';
  return header.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()).replace('Etag', 'ETag');
}
