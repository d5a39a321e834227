import { spokenDay, spokenMoment } from '../shell/format.ts';

/** A moment, as the person's own clock shows it. @param at ISO 8601 */
export function Moment({ at, dayOnly }: { at: string; dayOnly?: boolean }) {
  return (
    <time dateTime={at} title={new Date(at).toLocaleString('en', { dateStyle: 'full', timeStyle: 'long' })}>
      {dayOnly ? spokenDay(at) : spokenMoment(at)}
    </time>
  );
}
