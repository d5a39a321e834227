/** What is aimed at, and what came out. */
export interface Goal {
  /** What was measured. */
  readonly what: string;
  /** As it is to be read: `12.4 µs`. */
  readonly figure: string;
  readonly goal: string;
  readonly isMet: boolean;
}

const met = 'met    ';
const notMet = 'NOT met';

/** Prints goals, each on a line of its own, in the form by which `npm run bench` finds them. */
export function printGoals(goals: readonly Goal[]): void {
  const width = Math.max(...goals.map(({ what }) => what.length));
  console.log();
  for (const { what, figure, goal, isMet } of goals)
    console.log(`${isMet ? met : notMet}  ${what.padEnd(width)}  ${figure} (goal: ${goal})`);
}

/** Those of the printed lines that tell of a goal. */
export function goalLines(printed: string): string[] {
  return printed.split('\n').filter((line) => line.startsWith(`${met}  `) || line.startsWith(`${notMet}  `));
}
