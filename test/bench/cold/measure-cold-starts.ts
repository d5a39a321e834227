import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A function to start cold, again and again. */
export interface ColdStart {
  readonly name: string;
  /** The module that exports `handler`. Absolute. */
  readonly file: string;
  /** Makes the event of one start. */
  readonly event: () => Promise<object>;
  /** Of this function alone. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ColdStartFigures {
  /** Medians over all runs, each of its own: the third is not the sum of the first two. */
  readonly importMilliseconds: number;
  readonly requestMilliseconds: number;
  readonly totalMilliseconds: number;
  /** The status of the last answer; null for an answer without one, `error` where the function threw. */
  readonly status: AnsweredStatus;
}

export type AnsweredStatus = number | 'error' | null;

/** Whether the function failed, whatever was asked of it. */
export function isFailure(status: AnsweredStatus): boolean {
  return status === 'error' || (status !== null && status >= 500);
}

interface Report {
  readonly importMilliseconds: number;
  readonly requestMilliseconds: number;
  readonly status: AnsweredStatus;
}

/**
 * Starts each function `runs` times, in rounds (A B C, A B C, …), each time in a new process, one process at a time:
 * whatever else the machine does meanwhile, it does to all of them. One more round goes first and is not counted.
 *
 * @param environment of the functions, beside what Lambda sets; nothing else is in their environment.
 * @throws Error with the output of a process that ended without an answer.
 */
export async function measureColdStarts(
  functions: readonly ColdStart[],
  { runs, environment }: { readonly runs: number; readonly environment: Readonly<Record<string, string>> },
): Promise<ReadonlyMap<string, ColdStartFigures>> {
  const reports = new Map(functions.map(({ name }) => [name, [] as Report[]]));
  for (let run = 0; run <= runs; run += 1) {
    for (const each of functions) {
      const report = await startOnce(each, environment);
      if (run > 0) reports.get(each.name)?.push(report);
    }
  }
  return new Map([...reports].map(([name, ofFunction]) => [name, figuresOf(ofFunction)]));
}

async function startOnce(
  { name, file, event, environment: own }: ColdStart,
  environment: Readonly<Record<string, string>>,
): Promise<Report> {
  const program = join(import.meta.dirname, 'first-request.mjs');
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [program, file, JSON.stringify(await event())],
    {
      env: { ...lambdaEnvironment, ...environment, ...own },
    },
  ).catch((error) => {
    throw new Error(`${name} failed:\n${error.stderr}`);
  });
  // After what the function logs.
  const report = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Report;
  if (isFailure(report.status)) console.error(`${name} answered ${report.status}:\n${stderr}`);
  return report;
}

/** What Lambda itself puts into the environment, as far as it matters. Without `TZ`, the first date would cost 13 ms. */
const lambdaEnvironment = {
  TZ: ':UTC',
  LANG: 'en_US.UTF-8',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'cold',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_SESSION_TOKEN: 'example',
};

function figuresOf(reports: readonly Report[]): ColdStartFigures {
  return {
    importMilliseconds: median(reports.map(({ importMilliseconds }) => importMilliseconds)),
    requestMilliseconds: median(reports.map(({ requestMilliseconds }) => requestMilliseconds)),
    totalMilliseconds: median(reports.map((report) => report.importMilliseconds + report.requestMilliseconds)),
    status: reports.at(-1)?.status ?? null,
  };
}

/** The middle of the values, or of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return ((sorted[middle] ?? Number.NaN) + (sorted[sorted.length - 1 - middle] ?? Number.NaN)) / 2;
}
