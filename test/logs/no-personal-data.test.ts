import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRegistry } from '../../infra/endpoint-registry.ts';

/**
 * The HTTP suite has run before, on a local stack. Here everything that its functions printed is searched for every
 * password, token, address and name that was sent or answered meanwhile.
 */
const { TENANTRY_FUNCTION_LOG_FILE: logFile, TENANTRY_RECORD_EXCHANGES: exchangesFile } = process.env;
if (logFile === undefined || exchangesFile === undefined)
  throw new Error('Run the HTTP suite as well: vitest run --project stack --project alone --project permissions.');
const log = readFileSync(logFile, 'utf8');
const exchanges = readFileSync(exchangesFile, 'utf8').split('\n').filter(Boolean);

/** What a field holds, by its name, in every dialect. */
const kinds = {
  password: /^(new_|current_|old_)?password(_confirmation)?$/i,
  token: /token|secret|api_?key$|^client_id$/i,
  address: /^e?mail$|email|^user$|^admin$/i,
  name: /name$/i,
} as const;
type Kind = keyof typeof kinds;

/** Names that are words of our own, which the log may say: of functions, of roles, of what is in a request. */
const ourWords = new Set(['test', 'Owner', 'owner', 'Admin', 'admin', 'Viewer', 'viewer']);

const found: Record<Kind, Set<string>> = {
  password: new Set(),
  token: new Set(),
  address: new Set(),
  name: new Set(),
};

const tokenForm = /\b(?:st|rt|ak|id|sk|it|lt)_[\w-]{20,}/g;
const addressForm = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

for (const line of exchanges) {
  const { url, sent, answered } = JSON.parse(line);
  if (url.endsWith('/openapi.json')) continue; // Documentation: its names are those of fields and dialects.
  for (const token of line.match(tokenForm) ?? []) found.token.add(token);
  for (const address of line.match(addressForm) ?? []) found.address.add(address);
  collect(sent);
  collect(answered);
}

function collect(value: unknown, field = ''): void {
  if (Array.isArray(value)) for (const element of value) collect(element, field);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) collect(inner, name);
  else if (typeof value === 'string' && value.length > 3 && !ourWords.has(value))
    for (const [kind, names] of Object.entries(kinds)) if (names.test(field)) found[kind as Kind].add(value);
}

/** All that the log says beside times and ids: each text once. */
const said = textsOf(log).join('\n');

function textsOf(text: string): string[] {
  const texts = new Set<string>();
  const take = (value: unknown): void => {
    if (typeof value === 'string') texts.add(value);
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) take(inner);
  };
  for (const line of text.split('\n')) {
    const [, printed = ''] = /^\S+ \S+ \S+ (.*)$/.exec(line) ?? [];
    try {
      take(JSON.parse(printed));
    } catch {
      take(printed);
    }
  }
  return [...texts];
}

/** Whether the log says it, as a whole: not as a part of a longer word. */
function isSaid(value: string): boolean {
  for (let at = said.indexOf(value); at !== -1; at = said.indexOf(value, at + 1)) {
    const [before = '', after = ''] = [said[at - 1], said[at + value.length]];
    if (!/\w/.test(before) && !/\w/.test(after)) return true;
  }
  return false;
}

test('every function that the suite called has printed its line', async () => {
  const { endpoints } = await readRegistry();
  const silent = endpoints.filter(({ name, endpoint }) => {
    const said = new RegExp(`tenantry-dev-${name} .*"operation":"${endpoint.operation.replaceAll('.', '\\.')}"`);
    return endpoint.path !== '$default' && !said.test(log);
  });
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test('the search finds what the log does say', () => {
  // One that begins with what can be a part of a word: without it the rest is none.
  const [, requestId = ''] = /"requestId":"(\w[^"]+)"/.exec(log) ?? [];
  expect(requestId).not.toBe('');
  expect(isSaid(requestId)).toBe(true);
  expect(isSaid(requestId.slice(1))).toBe(false);
});

/** So many there are at least, or the search would prove little. */
const leastFound: Readonly<Record<Kind, number>> = { password: 2, token: 100, address: 20, name: 20 };

test.each(Object.keys(kinds) as Kind[])('no %s of anybody is in the log', (kind) => {
  expect(found[kind].size).toBeGreaterThan(leastFound[kind]);
  expect([...found[kind]].filter(isSaid)).toEqual([]);
});
