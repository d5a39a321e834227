import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { DeleteBucketPolicyCommand, GetObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { PutAccountDetailsCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { type Ministack, rehearsedAccount, rehearsedRegion } from './ministack.ts';

/** What is deployed, and where. */
export interface Deployment {
  readonly stage: string;
  readonly url: string;
  readonly tableName: string;
  readonly apiId: string;
  /** Where the API is by what the deployed know. */
  readonly apiUrl: string;
  /** The folder of the synthesized app that was deployed. */
  readonly assembly: string;
}

export const projectFolder = join(import.meta.dirname, '../..');

/** What to deploy, and how. */
export interface Order {
  readonly stage: string;
  /** Where the version is that is deployed; this one by default. */
  readonly sources?: string;
  /** Settings that the stage has to be told. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Makes of a fresh MiniStack an account that can be deployed to. */
export async function openAccount(ministack: Ministack): Promise<void> {
  await cdk(ministack, projectFolder, ['bootstrap', `aws://${rehearsedAccount}/${rehearsedRegion}`]);
  await makeAccountUsable();
}

/**
 * Deploys every stack of a stage into the rehearsed account, as a person would.
 * @throws Error with what the CDK said
 */
export async function deploy(
  ministack: Ministack,
  folder: string,
  { stage, sources = projectFolder, settings = {} }: Order,
): Promise<Deployment> {
  const outputsFile = join(folder, 'outputs.json');
  const assembly = join(folder, 'cdk.out');
  const unlimited = { sessionRequestsPerMinuteMax: 'none', keyRequestsPerMinuteMax: 'none' };
  const context = {
    ...{ stage, account: rehearsedAccount, region: rehearsedRegion },
    ...(process.env.TENANTRY_RATE_LIMITS === 'on' ? {} : unlimited),
    ...settings,
  };
  // The console's files are put while it deploys, by plain HTTP as all is here.
  const allowing = setInterval(() => {
    allowPlainHttp().catch(() => {});
  }, 1_000);
  await cdk(ministack, sources, [
    'deploy',
    // As `npm run deploy` does.
    ...['--all', '--import-existing-resources'],
    ...['--require-approval', 'never', '--progress', 'events'],
    ...['--output', assembly, '--outputs-file', outputsFile],
    ...Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]),
  ]).finally(() => clearInterval(allowing));
  await allowMail();
  await allowPlainHttp();
  const stacks: Record<string, Record<string, string>> = JSON.parse(readFileSync(outputsFile, 'utf8'));
  const outputs: Record<string, string> = Object.assign({}, ...Object.values(stacks));
  // Not from `ApiUrl`: a stage with a domain name tells that.
  const [, apiId = ''] =
    Object.entries(stacks[`tenantry-${stage}-gateway`] ?? {}).find(([name]) =>
      name.startsWith('ExportsOutputRefGatewayApi'),
    ) ?? [];
  // By path and not by host: MiniStack answers `/health` itself on every host.
  return {
    stage,
    url: `${ministack.url}/_aws/execute-api/${apiId}/$default`,
    tableName: outputs.TableName ?? '',
    apiId,
    apiUrl: outputs.ApiUrl ?? '',
    assembly,
  };
}

/** The bucket that a stage's console is in. */
export function consoleBucketOf(stage: string): string {
  return `tenantry-${stage}-console-${rehearsedAccount}-${rehearsedRegion}`;
}

/** Fails where a deployment has not put the console's files into their bucket, or told the console where the API is. */
export async function expectConsole({ stage }: Deployment): Promise<void> {
  const s3 = new S3Client({ forcePathStyle: true });
  const Bucket = consoleBucketOf(stage);
  const read = async (Key: string) =>
    (await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? '';
  const { api_url: apiUrl } = JSON.parse(await read('config.json'));
  if (!URL.canParse(apiUrl)) throw new Error(`The console is told that the API is at ${apiUrl}.`);
  const [, script = ''] = /src="\/([^"]+)"/.exec(await read('index.html')) ?? [];
  await read(script);
  await read('docs/index.html');
}

/**
 * What an AWS account has and a fresh MiniStack has not: mail outside the SES sandbox. And what it cannot have: the
 * bootstrap bucket refuses whatever does not come by TLS, which there is none of here.
 */
async function makeAccountUsable(): Promise<void> {
  const s3 = new S3Client({ forcePathStyle: true });
  const bucket = `cdk-hnb659fds-assets-${rehearsedAccount}-${rehearsedRegion}`;
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
  const ses = new SESv2Client();
  await ses.send(
    new PutAccountDetailsCommand({
      ProductionAccessEnabled: true,
      MailType: 'TRANSACTIONAL',
      WebsiteURL: 'https://example.com',
      UseCaseDescription: 'Rehearsal',
    }),
  );
}

/** Buckets refuse what does not come by TLS, which there is none of here. */
async function allowPlainHttp(): Promise<void> {
  const s3 = new S3Client({ forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  for (const { Name } of Buckets) await s3.send(new DeleteBucketPolicyCommand({ Bucket: Name }));
}

/**
 * AWS holds sending mail against the identity and the configuration set, as the deployed statements name them; MiniStack
 * against nothing but `*`. The functions that may send mail in AWS may do so here.
 */
async function allowMail(): Promise<void> {
  const iam = new IAMClient();
  for await (const { Functions = [] } of paginateListFunctions({ client: new LambdaClient() }, {})) {
    for (const { Role = '', Environment } of Functions) {
      if (Environment?.Variables?.MAIL_SENDER === undefined) continue;
      const Statement = [{ Effect: 'Allow', Action: 'ses:SendEmail', Resource: '*' }];
      await iam.send(
        new PutRolePolicyCommand({
          RoleName: Role.slice(Role.lastIndexOf('/') + 1),
          PolicyName: 'Rehearsal',
          PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
        }),
      );
    }
  }
}

function cdk({ environment }: Ministack, cwd: string, args: readonly string[]): Promise<void> {
  const child = spawn('cdk', [...args, '--ci', '--no-color'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`cdk ${args[0]} ended with ${code}:\n${said.slice(-20_000)}`));
    });
  });
}
