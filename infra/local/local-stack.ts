import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Application, readApplication } from './application.ts';
import { createAsynchronousCalls } from './asynchronous-calls.ts';
import { createCallRecorder, type RecordedCall } from './call-recorder.ts';
import { ClearError } from './clear-error.ts';
import { readCloudAssembly } from './cloud-assembly.ts';
import type { LiveValues } from './cloud-resource.ts';
import { OrderRefusal, openControl } from './control.ts';
import { type DataFolder, takeDataFolder } from './data-folder.ts';
import { openDistribution } from './distribution.ts';
import { type DynamoDBEngineName, startDynamoDBEngine } from './dynamodb-engine.ts';
import { openFunctionLog } from './function-log.ts';
import { accessKeyOf, createFunctionPool, type Outcome } from './function-pool.ts';
import { openGateway } from './gateway.ts';
import { keptFile } from './kept-file.ts';
import { type MailEventType, startMailInbox } from './mail-inbox.ts';
import { startObjectStore } from './object-store.ts';
import { orphansIn } from './orphans.ts';
import { openQueues, type QueuedMessage } from './queues.ts';
import { recordDynamoDB } from './recorded-services.ts';
import { defaultRunFile, type RunFile, removeRunFile, writeRunFile } from './run-file.ts';
import { createSchedules } from './schedules.ts';
import { filesBeforeDeployment, prepareSite } from './site.ts';
import { watchSources } from './source-watch.ts';
import { createStreamConsumers } from './stream-consumers.ts';
import { synthesize } from './synthesize.ts';
import { ensureTable } from './tables.ts';

/** How a stack is to be started. */
export interface LocalStackOptions {
  /** Of the API; 0, as by default, for any that is free. */
  readonly port?: number | undefined;
  /** Where data is kept across restarts and kills. In memory when not given. */
  readonly dataFolder?: string | undefined;
  /** `.local/run.json` of the project by default. Beside it lies what the stack works with. */
  readonly runFile?: string | undefined;
  /** A synthesized app to serve as it is. By default the project's own app is synthesized, and again when it changes. */
  readonly assemblyFolder?: string | undefined;
  /** Whether a change of the project's sources reloads its app; not by default. */
  readonly watch?: boolean | undefined;
  /** Whether the functions limit how often a credential may call, as their templates say; not by default. */
  readonly rateLimits?: boolean | undefined;
  /** Also gets each line that functions print. */
  readonly echoFunctionLog?: ((line: string) => void) | undefined;
  /** Gets what a person who watches should know: reloads, and what went wrong with them. */
  readonly report?: ((line: string) => void) | undefined;
  /** Whether the calls that functions make are kept; a file gets each as a line of JSON. */
  readonly recordCalls?: boolean | string | undefined;
  readonly engine?: DynamoDBEngineName | undefined;
  /** A DynamoDB that runs already. */
  readonly dynamodbEndpoint?: string | undefined;
}

/** A stack that runs. */
export interface LocalStack extends RunFile {
  /** Where everything goes that functions print. */
  readonly logFile: string;
  readonly dataFolder: string | undefined;
  /** What functions called so far, where that is recorded. */
  readonly calls: readonly RecordedCall[];
  /** Names of the jobs that `runJob` knows. */
  jobs(): readonly string[];
  /**
   * Runs a job now and waits for it.
   * @param input by default none: the whole of the job, where its schedules each order a part
   */
  runJob(name: string, input?: unknown): Promise<Outcome>;
  /** Lets the last mail to an address bounce, or its reader complain; answers how many topics were told. */
  reportMail(type: MailEventType, address: string): number;
  /** What waits in each queue. */
  queues(): Readonly<Record<string, readonly QueuedMessage[]>>;
  /** Serves another synthesized app from now on, on the same data; without one, synthesizes the project's again. */
  reload(assemblyFolder?: string): Promise<void>;
  /** Settles when a part that the stack cannot do without has ended by itself. */
  readonly broken: Promise<ClearError>;
  /** Ends everything, and gives up the data folder and the run file. */
  stop(): Promise<void>;
}

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
const bootstrapJob = 'bootstrap';

/**
 * Serves a synthesized CDK app on this machine.
 * @throws ClearError when something stands in the way that a person can put right. Nothing is left running then.
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const closers: (() => unknown)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      for (const close of closers.splice(0).reverse()) await close();
    })();
    return stopping;
  };
  try {
    return await start(options, closers, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: LocalStackOptions,
  closers: (() => unknown)[],
  stop: () => Promise<void>,
): Promise<LocalStack> {
  const runFile = resolve(projectFolder, options.runFile ?? defaultRunFile);
  const workFolder = runFile.replace(/(\.json)?$/, '.d');
  const report = options.report ?? (() => {});
  const controlSecret = randomBytes(24).toString('base64url');
  let ending = false;

  // First what others may hold: a taken port or folder is told before anything is done.
  const gateway = await openGateway(options.port ?? 0);
  closers.push(() => gateway.stop());
  const control = await openControl(controlSecret);
  closers.push(() => control.stop());
  const liveness = { controlUrl: control.url, controlSecret, processId: process.pid };
  let folder: DataFolder | undefined;
  if (options.dataFolder !== undefined) {
    folder = await takeDataFolder(options.dataFolder, liveness);
    closers.push(() => folder?.release());
  }
  const dataFolder = folder?.path;
  const recordFile = typeof options.recordCalls === 'string' ? options.recordCalls : undefined;
  const recorder = options.recordCalls ? createCallRecorder(recordFile) : undefined;

  const assemblies = synthesizedIn(workFolder, { consoleUrl: gateway.url });
  closers.push(() => assemblies.remove());
  const [assembly, engine, inbox, objects, queues, distribution] = await inParallel([
    options.assemblyFolder ?? assemblies.next(),
    startDynamoDBEngine({
      engine: options.engine,
      endpoint: options.dynamodbEndpoint,
      dataFolder: dataFolder === undefined ? undefined : join(dataFolder, 'dynamodb'),
    }).then((started) => {
      closers.push(() => started.stop());
      return started;
    }),
    startMailInbox(dataFolder, recorder).then((started) => {
      closers.push(() => started.stop());
      return started;
    }),
    startObjectStore(dataFolder, recorder).then((started) => {
      closers.push(() => started.stop());
      return started;
    }),
    openQueues(dataFolder, recorder).then((opened) => {
      closers.push(() => opened.stop());
      return opened;
    }),
    openDistribution().then((opened) => {
      closers.push(() => opened.stop());
      return opened;
    }),
  ]);
  const broken = engine.ended.then(async (lastWords) => {
    // Ctrl-C reaches the engine at the same time as the stack.
    await sleep(200);
    return ending ? new Promise<never>(() => {}) : new ClearError(`The DynamoDB engine has ended: ${lastWords}`);
  });
  const recorded = recorder && (await recordDynamoDB(engine.url, recorder));
  if (recorded !== undefined) closers.push(() => recorded.stop());

  const log = openFunctionLog(join(workFolder, 'functions.log'), options.echoFunctionLog);
  closers.push(() => log.close());
  const dynamodbEndpoint = recorded?.url ?? engine.url;
  const functions = createFunctionPool({
    log,
    endpoints: {
      AWS_ENDPOINT_URL_DYNAMODB: dynamodbEndpoint,
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamodbEndpoint,
      AWS_ENDPOINT_URL_S3: objects.endpoint,
      AWS_ENDPOINT_URL_SESV2: inbox.endpoint,
      AWS_ENDPOINT_URL_SQS: queues.endpoint,
    },
  });
  closers.push(() => functions.stop());
  const send = (queueArn: string, body: string) => queues.send(queueArn, body);
  const asynchronous = createAsynchronousCalls(functions, send);
  closers.push(() => asynchronous.stop());
  const consumers = createStreamConsumers({ dynamodbUrl: engine.url, functions, send, dataFolder });
  closers.push(async () => {
    // A batch that is under way may end; one that takes long is delivered again at the next start.
    await Promise.race([consumers.stop(), sleep(2_000)]);
  });
  const schedules = createSchedules((functionArn, event) => asynchronous.begin(functionArn, event));
  closers.push(() => schedules.stop());
  closers.push(() => {
    ending = true;
  });

  const streamArns = new Map<string, string>();
  const live: LiveValues = {
    apiUrl: gateway.url,
    distributionUrl: distribution.url,
    queuesUrl: queues.endpoint,
    streamArn: (tableName) => streamArns.get(tableName),
  };
  let served: Application;

  async function prepare(assemblyFolder: string): Promise<Application> {
    // Streams have no names before their tables are made, so what refers to them is read after that.
    for (const table of readApplication(readCloudAssembly(assemblyFolder, live)).tables) {
      const streamArn = await ensureTable(engine.url, table);
      if (streamArn !== undefined) streamArns.set(table.name, streamArn);
    }
    const application = readApplication(readCloudAssembly(assemblyFolder, live));
    if (application.tables.length !== 1) throw new ClearError('The local stack serves an app with one table.');
    if (application.api === undefined) throw new ClearError('The app has no HTTP API.');
    if (findJob(application, bootstrapJob) === undefined) {
      throw new ClearError(`The app has no function with the metadata tenantry:job = ${bootstrapJob}.`);
    }
    return options.rateLimits ? application : withoutRateLimits(application);
  }

  async function serve(application: Application): Promise<void> {
    const accessKeys = application.functions.map(({ name }) => accessKeyOf(name));
    for (const { name } of application.functions) recorder?.introduce(accessKeyOf(name), name);
    await objects.serve({ buckets: application.buckets, accessKeys: [...accessKeys, distribution.accessKey] });
    distribution.serve(objects.endpoint, application.distributedBucket);
    queues.serve(application.queues);
    functions.replace(application.functions);
    asynchronous.serve(application.functions);
    inbox.serve(application.mailEvents, (topicArn, message) => publish(application, topicArn, message));
    served = application;
  }

  function publish({ topics }: Application, topicArn: string, message: string): void {
    for (const functionArn of topics.find(({ arn }) => arn === topicArn)?.functionArns ?? []) {
      asynchronous.begin(functionArn, topicEvent(topicArn, message));
    }
  }

  async function open({ api, site, ...application }: Application): Promise<void> {
    await consumers.serve(application.consumers);
    schedules.serve(application.schedules);
    if (api !== undefined) gateway.serve(api, functions, site && prepareSite(site, filesBeforeDeployment(site)));
  }

  async function runJob(name: string, input?: unknown): Promise<Outcome> {
    const definition = findJob(served, name);
    if (definition === undefined) {
      throw new OrderRefusal(`There is no job ${name}. There are: ${jobNames(served).join(', ')}.`);
    }
    return functions.invoke(definition.arn, JSON.stringify(input ?? {}));
  }

  served = await prepare(assembly);
  await serve(served);
  const platformAdmin = await makeAdministrator(dataFolder, (input) => runJob(bootstrapJob, input));
  await open(served);

  const running: RunFile = {
    url: gateway.url,
    inboxUrl: inbox.url,
    dynamodbUrl: engine.url,
    tableName: served.tables[0]?.name ?? '',
    platformAdmin,
    ...liveness,
  };
  const stack: LocalStack = {
    ...running,
    logFile: log.file,
    dataFolder,
    calls: recorder?.calls ?? [],
    jobs: () => jobNames(served),
    runJob,
    reportMail: (type, address) => inbox.report(type, address),
    queues: () => queues.list(),
    async reload(assemblyFolder) {
      const next = await prepare(assemblyFolder ?? (await assemblies.next()));
      await serve(next);
      await open(next);
    },
    broken,
    stop,
  };
  control.serve({
    'GET /jobs': () => stack.jobs(),
    'POST /jobs': (body) => {
      const { name, input } = body as { name: string; input?: unknown };
      return stack.runJob(name, input);
    },
    'GET /queues': () => stack.queues(),
    'POST /mail-events': (body) => {
      const { type, address } = body as { type: MailEventType; address: string };
      if (type !== 'bounce' && type !== 'complaint') throw new OrderRefusal('The type is bounce or complaint.');
      return { topics: stack.reportMail(type, address) };
    },
  });
  if (options.watch) {
    const unwatch = watchSources(projectFolder, async () => {
      const begun = performance.now();
      try {
        await stack.reload();
        report(`Reloaded in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
      } catch (error) {
        report(`${error instanceof ClearError ? error.message : (error as Error).stack}\nWhat ran before still runs.`);
      }
    });
    closers.push(unwatch);
  }
  // Who comes from now on finds nobody; who is being answered still is.
  closers.push(() => gateway.stop());
  closers.push(() => removeRunFile(runFile, controlSecret));
  writeRunFile(runFile, running);
  return stack;
}

/**
 * Where the project's app is synthesized: in a folder of its own each time, since the functions that run have their
 * code in the one before.
 */
function synthesizedIn(workFolder: string, settings: Readonly<Record<string, string>>) {
  const folders: string[] = [];
  const discard = (folder: string | undefined) => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  return {
    async next(): Promise<string> {
      if (folders.length === 0) removeOrphans(workFolder);
      const folder = join(workFolder, `assembly-${process.pid}-${folders.length + 1}`);
      folders.push(folder);
      await synthesize(projectFolder, folder, settings);
      discard(folders.at(-3));
      return folder;
    },
    remove: () => folders.forEach(discard),
  };
}

/** What stacks have left that were killed. */
function removeOrphans(workFolder: string): void {
  if (!existsSync(workFolder)) return;
  for (const orphan of orphansIn(workFolder, /^assembly-(\d+)-\d+$/)) rmSync(orphan, { recursive: true, force: true });
}

/** The same, its functions without the settings by which they limit how often a credential may call. */
function withoutRateLimits(application: Application): Application {
  const functions = application.functions.map((definition) => {
    const {
      SESSION_REQUESTS_PER_MINUTE_MAX: _,
      KEY_REQUESTS_PER_MINUTE_MAX: __,
      ...environment
    } = definition.environment;
    return { ...definition, environment };
  });
  return { ...application, functions };
}

/** A consumer of a stream is started by its records alone. */
function findJob({ functions, consumers }: Application, name: string) {
  const found = functions.find(({ job }) => job === name);
  return consumers.some(({ functionArn }) => functionArn === found?.arn) ? undefined : found;
}

function jobNames(application: Application): string[] {
  return application.functions
    .flatMap(({ job }) => (job !== undefined && findJob(application, job) !== undefined ? [job] : []))
    .sort();
}

/** The same administrator at each start on the same data. The password is written down before it is used. */
async function makeAdministrator(
  dataFolder: string | undefined,
  bootstrap: (input: object) => Promise<Outcome>,
): Promise<RunFile['platformAdmin']> {
  const kept = keptFile<RunFile['platformAdmin'] | undefined>(
    dataFolder === undefined ? undefined : join(dataFolder, 'administrator.json'),
    undefined,
  );
  const administrator = kept.read() ?? {
    email: 'admin@tenantry.local',
    password: randomBytes(18).toString('base64url'),
  };
  kept.write(administrator);
  const outcome = await bootstrap(administrator);
  if (outcome.kind === 'failure') {
    throw new ClearError(`The platform administrator could not be made: ${outcome.error.errorMessage}`);
  }
  return administrator;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
function topicEvent(topicArn: string, message: string): string {
  const id = randomBytes(16).toString('hex');
  return JSON.stringify({
    Records: [
      {
        EventVersion: '1.0',
        EventSubscriptionArn: `${topicArn}:${id}`,
        EventSource: 'aws:sns',
        Sns: {
          Type: 'Notification',
          MessageId: id,
          TopicArn: topicArn,
          Subject: null,
          Message: message,
          Timestamp: new Date().toISOString(),
          MessageAttributes: {},
        },
      },
    ],
  });
}

/** All of them; when one fails, its error, once the others have come to an end as well. */
async function inParallel<const Values extends readonly unknown[]>(
  values: Values,
): Promise<{ -readonly [Index in keyof Values]: Awaited<Values[Index]> }> {
  const settled = await Promise.allSettled(values);
  for (const outcome of settled) if (outcome.status === 'rejected') throw outcome.reason;
  return (await Promise.all(values)) as { -readonly [Index in keyof Values]: Awaited<Values[Index]> };
}
