/** Answers without a status, which the gateway reads as 200 and JSON. */
export async function handler(event: { pathParameters?: object; routeKey: string }) {
  return {
    other: true,
    routeKey: event.routeKey,
    pathParameters: event.pathParameters,
    environment: { ...process.env },
  };
}
