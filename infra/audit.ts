/**
 * `npm run audit`: asks the registry for what is known against the dependencies that are deployed. Where it cannot be
 * asked (no network, a mirror without advisories) that is said, and is no failure: the job `audit` of CI is the one that
 * has to be answered.
 */
import { spawnSync } from 'node:child_process';
import { readAudit } from './audit-report.ts';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--package-lock-only', '--json'], {
  encoding: 'utf8',
  timeout: 60_000,
});
const { isFine, said } = readAudit(stdout ?? '');
console.log(said);
process.exitCode = isFine ? 0 : 1;
