import { spokenCountOf } from '../shell/format.ts';
import { Button } from './button.tsx';

/** Stands below a list that begins with the newest, and leads further back. */
export function Older({
  count,
  hasOlder,
  busy,
  what,
  onOlder,
}: {
  count: number;
  hasOlder: boolean;
  busy: boolean;
  /** What is listed, as `entries`. */
  what: string;
  onOlder: () => void;
}) {
  if (count === 0 && !hasOlder) return null;
  return (
    <div class="pages">
      <span class="quiet small number" role="status">
        {hasOlder ? `The newest ${spokenCountOf(count, what)}` : `${spokenCountOf(count, what)} in all`}
      </span>
      {hasOlder && (
        <Button size="small" busy={busy} onClick={onOlder}>
          Show older ones
        </Button>
      )}
    </div>
  );
}
