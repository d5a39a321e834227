import { expect, test } from 'vitest';
import { synthesizeTemplates } from '../support/synthesized-templates.ts';

const dev = await synthesizeTemplates('dev');
const prod = await synthesizeTemplates('prod');

test('functions in which a runaway would hurt are bounded in production', () => {
  const bounded = prod
    .ofType('AWS::Lambda::Function')
    .filter(({ Properties }) => Properties.ReservedConcurrentExecutions !== undefined)
    .map(({ Properties }) => [Properties.FunctionName, Properties.ReservedConcurrentExecutions]);
  expect(Object.fromEntries(bounded)).toEqual({
    'tenantry-prod-job-consumption-rollup': 8,
    'tenantry-prod-stream-mailer': 10,
  });
});

test('a new account, whose quota leaves nothing to reserve, can have dev', () => {
  for (const { Properties } of dev.ofType('AWS::Lambda::Function'))
    expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
});

test('queues are encrypted and refuse what does not come by TLS', () => {
  const queues = dev.ofType('AWS::SQS::Queue');
  expect(queues.length).toBeGreaterThan(0);
  for (const { Properties } of queues) expect(Properties.SqsManagedSseEnabled).toBe(true);
  const refusals = dev
    .ofType('AWS::SQS::QueuePolicy')
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Effect, Condition }) => Effect === 'Deny' && Condition.Bool['aws:SecureTransport'] === 'false');
  expect(refusals).toHaveLength(queues.length);
});

test('mail is signed, and its envelope has a domain of our own', () => {
  const [identity] = prod.ofType('AWS::SES::EmailIdentity');
  expect(identity?.Properties).toMatchObject({
    EmailIdentity: 'example.com',
    DkimSigningAttributes: { NextSigningKeyLength: 'RSA_2048_BIT' },
    MailFromAttributes: { MailFromDomain: 'bounce.example.com', BehaviorOnMxFailure: 'USE_DEFAULT_VALUE' },
  });
  expect(identity?.Properties.DkimAttributes?.SigningEnabled).not.toBe(false);
});
