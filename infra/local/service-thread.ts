import { Worker } from 'node:worker_threads';

/** A service that lives in a thread of its own, so that its start takes no time from others and its state is its own. */
export interface ServiceThread {
  readonly url: string;
  tell(message: unknown): Promise<void>;
  stop(): Promise<void>;
}

/** What a service tells when it listens, and after each message that it has dealt with. */
interface ServiceThreadMessage {
  readonly port: number;
}

/**
 * Starts a service and waits until it listens.
 * @param body the module of the thread
 * @param data what the thread finds as its `workerData`
 */
export async function startServiceThread(body: URL, data: unknown): Promise<ServiceThread> {
  const worker = new Worker(body, { workerData: data, execArgv: [], stdout: true });
  // What such a service prints to its standard output is idle talk; its errors stay visible.
  worker.stdout.resume();
  const heard = () =>
    new Promise<ServiceThreadMessage>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  const { port } = await heard();
  worker.on('error', (error) => console.error(error));
  let last: Promise<unknown> = Promise.resolve();
  return {
    url: `http://127.0.0.1:${port}`,
    async tell(message) {
      last = last.then(() => {
        const answered = heard();
        worker.postMessage(message);
        return answered;
      });
      await last;
    },
    async stop() {
      await worker.terminate();
    },
  };
}
