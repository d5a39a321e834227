import { expect, test } from 'vitest';
import { readAudit } from '../../infra/audit-report.ts';

const report = (counts: object, vulnerabilities: object) =>
  JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: { vulnerabilities: counts } });

test('what is high or critical fails, and is named; what is less does not', () => {
  const low = { one: { severity: 'moderate' } };
  expect(readAudit(report({ moderate: 1, high: 0, critical: 0 }, low)).isFine).toBe(true);
  const bad = { ...low, two: { severity: 'high' }, three: { severity: 'critical' } };
  expect(readAudit(report({ moderate: 1, high: 1, critical: 1 }, bad))).toEqual({
    isFine: false,
    said: 'Known to be bad: two (high), three (critical)',
  });
});

test.each([
  ['nothing', ''],
  ['an error', '{"message":"request to https://registry failed, reason: ENOTFOUND","error":{"summary":""}}'],
  ['something else', '<html>'],
  ['null', 'null'],
])('a registry that answers %s has not been asked, which is said', (_, output) => {
  expect(readAudit(output)).toEqual({ isFine: true, said: expect.stringMatching(/^Not audited: /) });
});
