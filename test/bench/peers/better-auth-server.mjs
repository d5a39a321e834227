// Serves better-auth with its organization plugin, as its documentation sets it up, from a process of its own. Copied
// into the folder that better-auth is installed in, and forked there: the names below are not dependencies of Tenantry.
//
// usage: fork('better-auth-server.mjs', [database file or :memory:, callers, members of the first large one, …])
import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { organization } from 'better-auth/plugins';
import Database from 'better-sqlite3';

const [, , file, callerCount, ...sizes] = process.argv;
const database = new Database(file);
const secret = randomBytes(32).toString('base64');

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const baseURL = `http://127.0.0.1:${server.address().port}`;
const auth = betterAuth({
  database,
  baseURL,
  secret,
  emailAndPassword: { enabled: true },
  // On by default in production. It is not what is measured here, and Tenantry's is off on the local stack as well.
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  // Sends nothing: mails cost better-auth no time here.
  plugins: [organization({ sendInvitationEmail: async () => {} })],
});
await (await getMigrations(auth.options)).runMigrations();

const id = () => randomBytes(24).toString('base64url');
const now = new Date().toISOString();
const insert = (table, row) =>
  database
    .prepare(`insert into "${table}" ("${Object.keys(row).join('","')}") values (${Object.keys(row).map(() => '?')})`)
    .run(...Object.values(row));

function insertUser(email) {
  const user = id();
  insert('user', { id: user, name: 'Person', email, emailVerified: 1, createdAt: now, updatedAt: now });
  return user;
}

/** A person who is signed in and owns an organization of so many members: its id, and the headers of a request. */
function insertOwner(name, members) {
  const [user, organizationId, token] = [insertUser(`${name}@example.com`), id(), id()];
  insert('organization', { id: organizationId, name, slug: name, createdAt: now });
  insert('member', { id: id(), organizationId, userId: user, role: 'owner', createdAt: now });
  for (let at = 1; at < members; at += 1) {
    const userId = insertUser(`${name}-${at}@example.com`);
    insert('member', { id: id(), organizationId, userId, role: 'member', createdAt: now });
  }
  const expiresAt = new Date(Date.now() + 7 * 86_400_000).toISOString();
  insert('session', { id: id(), expiresAt, token, createdAt: now, updatedAt: now, userId: user });
  const signature = createHmac('sha256', secret).update(token).digest('base64');
  const cookie = `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
  return { organizationId, headers: { cookie, origin: baseURL } };
}

const fill = database.transaction(() => ({
  large: sizes.map((size) => insertOwner(`large-${size}`, Number(size))),
  callers: Array.from({ length: Number(callerCount) }, (_, at) => insertOwner(`caller-${at}`, 1)),
}));
const owners = fill();
database.exec('analyze');
server.on('request', toNodeHandler(auth));
process.send({ url: baseURL, ...owners });
