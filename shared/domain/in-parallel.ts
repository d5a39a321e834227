/** Does the work for every item, at most `atOnce` at a time. The first failure ends it and is thrown. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  let failed = false;
  async function takeOn(): Promise<void> {
    for (let next = rest.next(); !next.done && !failed; next = rest.next()) await work(next.value);
  }
  const workers = Array.from({ length: atOnce }, () =>
    takeOn().catch((error) => {
      failed = true;
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(workers);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}
