import { expect, test } from 'vitest';
import { endpointsByDialect } from '../../infra/endpoint-registry.ts';
import { stageSettings } from '../../infra/stage-settings.ts';
import { synthesizeTemplates } from '../support/synthesized-templates.ts';

const dev = await synthesizeTemplates('dev');
const prod = await synthesizeTemplates('prod');
const settings = stageSettings('dev');

function onlyStage() {
  const [stage, ...others] = dev.ofType('AWS::ApiGatewayV2::Stage');
  if (stage === undefined || others.length > 0) throw new Error('There is not one stage.');
  return stage;
}

test('all routes are throttled, and those that strangers try at will more tightly', () => {
  const { DefaultRouteSettings, RouteSettings } = onlyStage().Properties;
  expect(DefaultRouteSettings).toEqual({
    ThrottlingRateLimit: settings.requestsPerSecondMax,
    ThrottlingBurstLimit: settings.requestBurstMax,
  });
  const tighter = { ThrottlingRateLimit: settings.signInsPerSecondMax, ThrottlingBurstLimit: settings.signInBurstMax };
  expect(RouteSettings).toEqual({
    'POST /auth/login': tighter,
    'POST /auth/register': tighter,
    'POST /auth/password/forgot': tighter,
  });
  expect(settings.signInsPerSecondMax).toBeLessThan(settings.requestsPerSecondMax);
});

test('the stage opens when all routes stand, so that each throttled route exists', () => {
  const routes = dev.ofType('AWS::ApiGatewayV2::Route');
  const behind = dev.dependenciesOf(onlyStage().stack);
  for (const { stack } of routes) expect(behind).toContain(stack);
  for (const dialect of endpointsByDialect(dev.registry).keys()) expect(behind).toContain(`tenantry-dev-${dialect}`);
});

test('the access log says what was asked and answered, and nothing of whom or with what', () => {
  const { stack, Properties } = onlyStage();
  const { Format, DestinationArn } = Properties.AccessLogSettings;
  const variables = Object.values(JSON.parse(Format));
  expect(variables).toEqual(expect.arrayContaining(['$context.requestId', '$context.routeKey', '$context.status']));
  // The path and the query hold mailed tokens and addresses; `identity` and `authorizer` tell who is calling.
  for (const variable of variables) expect(variable).not.toMatch(/identity|authorizer|path|protocol|userAgent|domain/i);
  expect(dev.target(stack, DestinationArn).Properties.RetentionInDays).toBe(settings.logRetentionDays);
});

test('a stage with a domain name is reached by it, over TLS 1.2, and one without is not', () => {
  const [domain] = prod.ofType('AWS::ApiGatewayV2::DomainName');
  expect(domain?.Properties).toMatchObject({
    DomainName: 'api.example.com',
    DomainNameConfigurations: [{ EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }],
  });
  const [mapping] = prod.ofType('AWS::ApiGatewayV2::ApiMapping');
  const [stage] = prod.ofType('AWS::ApiGatewayV2::Stage');
  expect(mapping).toMatchObject({ Properties: { Stage: '$default' }, DependsOn: [stage?.logicalId] });
  expect(dev.ofType('AWS::ApiGatewayV2::DomainName')).toEqual([]);
});

test('in production only the console of the stage may call from a page', () => {
  const [api] = prod.ofType('AWS::ApiGatewayV2::Api');
  expect(api?.Properties.CorsConfiguration.AllowOrigins).toEqual(['https://console.example.com']);
  // What it needs of an answer beside the body: the version, the next page, the wait, and what to ask support about.
  expect(api?.Properties.CorsConfiguration.ExposeHeaders).toEqual(
    expect.arrayContaining(['etag', 'link', 'retry-after', 'x-request-id', 'idempotent-replayed']),
  );
});
