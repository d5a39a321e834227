import { expect, test } from 'vitest';
import { settingNames, stageSettings } from '../../infra/stage-settings.ts';

const told = (settings: Record<string, unknown>) => (setting: string) => settings[setting];
const needed = {
  consoleUrl: 'https://console.example.com/',
  mailSender: 'no-reply@example.com',
  domainName: 'api.example.com',
  domainCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c',
  alarmEmail: 'on-call@example.com',
};

test('dev is complete by itself', () => {
  expect(stageSettings('dev')).toMatchObject({ stage: 'dev', signUp: 'open', keepData: false });
});

test('production says what it lacks, all at once and by name', () => {
  expect(() => stageSettings('prod')).toThrow(
    /stage prod.*mailSender is missing.*domainName is missing.*alarmEmail is missing/,
  );
});

test('production keeps its data and lets only its console in', () => {
  expect(stageSettings('prod', told(needed))).toMatchObject({
    keepData: true,
    signUp: 'closed',
    consoleUrl: 'https://console.example.com',
    corsOrigins: ['https://console.example.com'],
    mailFromDomain: 'bounce.example.com',
  });
});

test('without a console at a name of its own, the API lets pages of any origin in', () => {
  const { consoleUrl: _, ...others } = needed;
  const settings = stageSettings('prod', told(others));
  expect(settings.consoleUrl).toBeUndefined();
  expect(settings.corsOrigins).toEqual(['*']);
});

test('settings that contradict each other are refused by name', () => {
  expect(() => stageSettings('prod', told({ ...needed, domainCertificateArn: 'none' }))).toThrow(
    'domainCertificateArn: must be given exactly where domainName is',
  );
  expect(() => stageSettings('prod', told({ ...needed, mailFromDomain: 'bounce.other.example' }))).toThrow(
    'mailFromDomain: must be below example.com',
  );
});

test('a setting given as text is read into what it is', () => {
  const settings = { accessTokenSeconds: '60', keepData: 'true', corsOrigins: 'https://a.example, https://b.example' };
  expect(stageSettings('dev', told(settings))).toMatchObject({
    accessTokenSeconds: 60,
    keepData: true,
    corsOrigins: ['https://a.example', 'https://b.example'],
  });
});

const wrong: Record<string, unknown> = {
  signUp: 'maybe',
  consoleUrl: 'console.example.com',
  corsOrigins: 'https://a.example/path',
  mailSender: 'example.com',
  mailIdentity: 'other',
  mailFromDomain: 'bounce',
  domainName: 'https://api.example.com',
  domainCertificateArn: 'certificate',
  alarmEmail: 'on-call',
  accessTokenSeconds: '0',
  refreshTokenSeconds: '1.5',
  logRetentionDays: '8',
  keepData: 'perhaps',
  requestsPerSecondMax: '-1',
  requestBurstMax: 'many',
  signInsPerSecondMax: '0',
  signInBurstMax: '1.5',
  sessionRequestsPerMinuteMax: '0',
  keyRequestsPerMinuteMax: 'many',
  reserveConcurrency: 'some',
};

test('there is a wrong value to try for every setting', () => {
  expect(Object.keys(wrong).sort()).toEqual([...settingNames].sort());
});

for (const [setting, value] of Object.entries(wrong)) {
  test(`a wrong ${setting} is refused by name`, () => {
    expect(() => stageSettings('dev', told({ [setting]: value }))).toThrow(
      new RegExp(`settings of stage dev.*${setting}: `),
    );
  });
}

test('an unknown stage is refused', () => {
  expect(() => stageSettings('production')).toThrow('There is no stage "production": it is one of dev, staging, prod.');
});
