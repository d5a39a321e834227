// One cold start: a new process imports a function, as Lambda's runtime does, and lets it answer one request. Prints
// what that took. JavaScript, so that no compiler is at work in the measured process.
//
// With a number of repetitions it answers the same request so often again, and tells what of that was processor time.
//
// usage: node first-request.mjs <file of the function> <event as JSON> [repetitions]
import { writeSync } from 'node:fs';

const [, , file, eventText, repetitions = '0'] = process.argv;
const event = JSON.parse(eventText);
const deadline = Date.now() + 30_000;
const context = {
  awsRequestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: '$LATEST',
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => deadline - Date.now(),
};

// As Lambda's own console does in its JSON log format; the one of a terminal would load much that Lambda does not.
for (const level of ['info', 'warn', 'error']) {
  console[level] = (message) =>
    writeSync(2, `${JSON.stringify({ level, requestId: context.awsRequestId, message })}\n`);
}

const before = process.cpuUsage();
const started = performance.now();
const { handler } = await import(file);
const imported = performance.now();
const answer = await handler(event, context).catch((error) => {
  console.error(error.stack);
  return { statusCode: 'error' };
});
const answered = performance.now();
const coldProcessor = process.cpuUsage();

for (let time = 0; time < Number(repetitions); time += 1) await handler(event, context);
const warmProcessor = process.cpuUsage(coldProcessor);
const milliseconds = ({ user, system }) => (user + system) / 1000;

const report = {
  importMilliseconds: imported - started,
  requestMilliseconds: answered - imported,
  status: answer?.statusCode ?? null,
  ...(Number(repetitions) > 0 && {
    coldProcessorMilliseconds: milliseconds(coldProcessor) - milliseconds(before),
    warmMilliseconds: (performance.now() - answered) / repetitions,
    warmProcessorMilliseconds: milliseconds(warmProcessor) / repetitions,
    memoryMegabytes: process.resourceUsage().maxRSS / 1024,
  }),
};
writeSync(1, JSON.stringify(report));
process.exit();
