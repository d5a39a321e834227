import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiGatewayV2Client, UpdateApiCommand } from '@aws-sdk/client-apigatewayv2';
import { NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { type CorsDefinition, readApplication } from '../../infra/local/application.ts';
import { readCloudAssembly } from '../../infra/local/cloud-assembly.ts';
import { readObject } from '../../infra/local/distribution.ts';
import type { GatewayResponse } from '../../infra/local/gateway-event.ts';
import { prepareSite, type Site } from '../../infra/local/site.ts';
import { consoleBucketOf, type Deployment } from './deployment.ts';
import type { Ministack } from './ministack.ts';

/** What stands in for CloudFront in front of the console. */
export interface Edge {
  /** Where the console is, as `http://127.0.0.1:3001`. */
  readonly url: string;
  close(): void;
}

/**
 * Serves the console of a deployment to browsers: the files from the bucket that they were deployed to, found and headed
 * as the deployed templates say; and lets the API answer the preflights that pages from there send.
 */
export async function openEdge(ministack: Ministack, { stage, apiId, apiUrl, assembly }: Deployment): Promise<Edge> {
  const { api, site: definition } = readApplication(
    readCloudAssembly(assembly, {
      ...{ apiUrl, distributionUrl: ministack.url, queuesUrl: ministack.url },
      streamArn: () => undefined,
    }),
  );
  if (api?.cors === undefined || definition === undefined) throw new Error('The deployment has no console.');
  await allowPreflights(apiId, api.cors);
  const s3 = new S3Client({ forcePathStyle: true });
  const site = prepareSite(definition, (name) =>
    readObject(s3, consoleBucketOf(stage), name).catch((error) => {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }),
  );
  const server = createServer(async (request, response) => {
    const { status, headers, body } = await answer(site, request).catch(
      (error): GatewayResponse => ({ status: 502, headers: {}, body: Buffer.from(String(error)) }),
    );
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
      s3.destroy();
    },
  };
}

async function answer(site: Site, { url = '' }: IncomingMessage): Promise<GatewayResponse> {
  const [path = ''] = url.split('?');
  return (await site.file(path)) ?? site.missing();
}

/** Which pages may call, as the template says: MiniStack overlooks it there, and takes it by the service's own API. */
async function allowPreflights(apiId: string, cors: CorsDefinition): Promise<void> {
  await new ApiGatewayV2Client().send(
    new UpdateApiCommand({
      ApiId: apiId,
      CorsConfiguration: {
        AllowOrigins: [...cors.origins],
        AllowMethods: [...cors.methods],
        AllowHeaders: [...cors.headers],
        ExposeHeaders: [...cors.exposedHeaders],
        AllowCredentials: cors.credentials,
        MaxAge: cors.maxAgeSeconds,
      },
    }),
  );
}
