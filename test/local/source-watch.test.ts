import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watchSources } from '../../infra/local/source-watch.ts';
import { temporaryFolder } from './sample-assembly.ts';

test('changes of what is served call back once they rest, one after the other; the local stack is none of it', async () => {
  const project = temporaryFolder();
  for (const folder of ['functions/deep', 'shared', 'infra/local', 'test'])
    mkdirSync(join(project, folder), { recursive: true });
  let begun = 0;
  let atOnce = 0;
  let atOnceMax = 0;
  const end = watchSources(project, async () => {
    begun += 1;
    atOnce += 1;
    atOnceMax = Math.max(atOnceMax, atOnce);
    await sleep(400);
    atOnce -= 1;
  });
  const write = (file: string) => writeFileSync(join(project, file), String(performance.now()));

  await sleep(100);
  write('infra/local/gateway.ts');
  write('test/some.test.ts');
  await sleep(400);
  expect(begun).toBe(0);

  write('functions/deep/a.ts');
  write('shared/b.ts');
  await expect.poll(() => begun, { timeout: 5_000 }).toBe(1);
  write('infra/app.ts');
  await expect.poll(() => begun, { timeout: 5_000 }).toBe(2);
  expect(atOnceMax).toBe(1);

  end();
  write('shared/b.ts');
  await sleep(300);
  expect(begun).toBe(2);
});
