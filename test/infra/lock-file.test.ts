import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly inBundle?: boolean;
}

const text = readFileSync('package-lock.json', 'utf8');
const packages: Readonly<Record<string, LockedPackage>> = JSON.parse(text).packages;

test('every platform a dependency has a binary for is locked, so that npm ci works on each', () => {
  const missing = Object.entries(packages)
    .filter(([, { inBundle }]) => !inBundle)
    .flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`${path}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages),
      ),
    );
  expect(missing).toEqual([]);
});

test('the lock names no address, so that every registry serves it', () => {
  expect(text).not.toContain('"resolved"');
});

test('the parts of the AWS SDK that bundles are made of are the ones that the SDK itself uses', () => {
  const parts = [
    '@smithy/core',
    '@smithy/node-http-handler',
    '@smithy/signature-v4',
    '@aws-sdk/credential-provider-env',
  ];
  const locked = Object.keys(packages).filter((path) => parts.some((part) => path.endsWith(`node_modules/${part}`)));
  expect(locked.toSorted()).toEqual(parts.map((part) => `node_modules/${part}`).toSorted());
});
