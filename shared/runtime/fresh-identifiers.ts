import { newIdentifier } from '../domain/identifiers.ts';

/** Half of what a millisecond has: beyond that, a draw that is not taken yet takes too long. */
const drawnAtOnceMax = 2_048;

/**
 * A source of identifiers that never gives one twice: of the hundred that one request may need, many fall into one
 * millisecond. Those of other instances it cannot know; a write that meets one begins anew.
 */
export function freshIdentifiers(now: () => number, random: () => number): () => number {
  let moment = 0;
  const drawn = new Set<number>();
  return () => {
    const isLater = now() > moment;
    if (isLater || drawn.size === drawnAtOnceMax) {
      moment = isLater ? now() : moment + 1;
      drawn.clear();
    }
    let id = newIdentifier(moment, random());
    while (drawn.has(id)) id = newIdentifier(moment, random());
    drawn.add(id);
    return id;
  };
}
