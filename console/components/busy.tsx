/** Turns while something is under way; what it is stands beside it. */
export function Spinner() {
  return <span class="spinner" aria-hidden="true" />;
}

/** Where text will be: as many lines as are awaited. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  const widths = [92, 74, 85, 63, 79];
  return (
    <div class="stack" role="status">
      <span class="visually-hidden">Loading …</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class="skeleton" style={{ width: `${widths[line % widths.length]}%` }} />
      ))}
    </div>
  );
}
