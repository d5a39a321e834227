/**
 * Keeps the log lines of the functions, which go straight to standard output as they do in Lambda, out of the report.
 * A test that looks at them listens to the logger.
 */
const write = process.stdout.write.bind(process.stdout);

process.stdout.write = ((chunk: string | Uint8Array, ...rest: never[]) =>
  typeof chunk === 'string' && chunk.startsWith('{"timestamp":') ? true : write(chunk, ...rest)) as typeof write;
