import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A program in a process of its own that is talked to in messages. */
export interface Forked {
  readonly processId: number | undefined;
  /** Sends a message, where one is given, and waits for the next one that comes. @throws when the process ends instead */
  ask<Answer>(message?: object): Promise<Answer>;
  end(): void;
}

/** Starts a program beside this one. What it prints is not shown, except for its errors. */
export function forkProgram(
  file: string,
  { args = [], environment = {} }: { args?: readonly string[]; environment?: Readonly<Record<string, string>> } = {},
): Forked {
  const child: ChildProcess = fork(file, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} has ended with ${code}.`);
  });
  // Ended on purpose, nobody waits for it.
  ended.catch(() => {});
  return {
    processId: child.pid,
    async ask<Answer>(message?: object) {
      const answer = once(child, 'message');
      if (message !== undefined) child.send(message);
      const [answered] = await Promise.race([answer, ended]);
      return answered as Answer;
    },
    end: () => child.kill(),
  };
}
