const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const instant = new Intl.DateTimeFormat('en', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const count = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** As `Nov 22, 2026`, where the person is. */
export const spokenDay = (iso: string) => day.format(new Date(iso));

/** As `Nov 22, 2026, 3:04 PM`, where the person is. */
export const spokenMoment = (iso: string) => moment.format(new Date(iso));

/** As `Nov 22, 2026, 3:04:05.678 PM`, where the person is. */
export const spokenInstant = (iso: string) => instant.format(new Date(iso));

/** As `12,345`. */
export const spokenCount = (value: number) => count.format(value);

/** As `12,345 members`, `1 entry`. @param plural of a word whose plural is regular */
export function spokenCountOf(value: number, plural: string): string {
  const one = plural.endsWith('ies') ? `${plural.slice(0, -3)}y` : plural.slice(0, -1);
  return `${spokenCount(value)} ${value === 1 ? one : plural}`;
}

/** As `12.3K`. */
export const shortCount = (value: number) => compact.format(value);

/** As `1.5 GB`: of a thousand each, as storage is sold. */
export function spokenBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : Number(value.toFixed(1))} ${units[power]}`;
}
