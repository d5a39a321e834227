/** `npm run check`: everything that has to hold before a commit, one after the other, and what came of it. */
import { spawnSync } from 'node:child_process';

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const steps: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'ci', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'types of the console', command: ['tsc', '--noEmit', '--project', 'console'] },
  { name: 'unused code', command: ['knip'] },
  { name: 'architecture', command: ['vitest', 'run', '--project', 'unit', 'test/architecture'] },
  // Those of `npm test`, here in their whole extent: the console's need a browser.
  { name: 'tests', command: ['vitest', 'run', '--project=!console', '--exclude', 'test/architecture/**'] },
  { name: 'known vulnerabilities', command: ['node', 'infra/audit.ts'] },
  { name: 'synth', command: ['cdk', 'synth', '--quiet', '--ci'] },
];

const outcomes = steps.map(({ name, command: [program, ...args] }) => {
  console.log(`\n── ${name}: ${program} ${args.join(' ')}`);
  const began = performance.now();
  const env = { ...process.env, TENANTRY_TEST_EXTENT: 'whole' };
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', env });
  if (error !== undefined) console.error(error.message);
  return { name, isFine: status === 0, seconds: (performance.now() - began) / 1000 };
});

console.log('\n── summary');
for (const { name, isFine, seconds } of outcomes)
  console.log(`${isFine ? 'passed' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`);
process.exitCode = outcomes.every(({ isFine }) => isFine) ? 0 : 1;
