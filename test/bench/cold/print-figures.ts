import type { ColdStartFigures } from './measure-cold-starts.ts';

/** A line of the table. */
export interface FiguresRow extends ColdStartFigures {
  readonly name: string;
  readonly bytes: number;
  /** Time in all, relative to the bare handler. */
  readonly ratio: number;
  /** What is wrong with it. */
  readonly faults: readonly string[];
}

/** Prints the rows as a table: milliseconds and thousands of bytes. */
export function printFigures(rows: readonly FiguresRow[]): void {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const column = (text: string) => text.padStart(8);
  console.log(''.padEnd(width) + ['kB', 'import', 'request', 'total', 'ratio', 'status'].map(column).join(''));
  for (const {
    name,
    bytes,
    importMilliseconds,
    requestMilliseconds,
    totalMilliseconds,
    ratio,
    status,
    faults,
  } of rows) {
    const figures = [
      (bytes / 1000).toFixed(1),
      importMilliseconds.toFixed(1),
      requestMilliseconds.toFixed(1),
      totalMilliseconds.toFixed(1),
      ratio.toFixed(2),
      String(status ?? '-'),
    ];
    console.log(
      name.padEnd(width) + figures.map(column).join('') + (faults.length > 0 ? `  ${faults.join(', ')}` : ''),
    );
  }
}
