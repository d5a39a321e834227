/** A picture of an organization or person, or the first letters of the name. Decoration: the name stands beside it. */
export function Avatar({ name, url, round }: { name: string; url?: string | null | undefined; round?: boolean }) {
  const words = name.split(/[\s@.]+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return (
    <span class={`avatar ${round ? 'avatar-round' : ''}`} aria-hidden="true">
      {url ? <img src={url} alt="" referrerpolicy="no-referrer" /> : letters.join('').toUpperCase()}
    </span>
  );
}
