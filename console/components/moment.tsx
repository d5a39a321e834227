const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const dayAndTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** A moment, as the person's own clock shows it. @param at ISO 8601 */
export function Moment({ at, dayOnly }: { at: string; dayOnly?: boolean }) {
  const moment = new Date(at);
  return (
    <time dateTime={at} title={moment.toLocaleString('en', { dateStyle: 'full', timeStyle: 'long' })}>
      {(dayOnly ? day : dayAndTime).format(moment)}
    </time>
  );
}
