/** A picture of an organization or person, or the first letters of the name. Decoration: the name stands beside it. */
export function Avatar({ name, url, round }: { name: string; url?: string | null | undefined; round?: boolean }) {
  const words = name.split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return (
    <span
      class={`avatar ${round ? 'avatar-round' : ''}`}
      // Drawn and not written: it is no text that a control which shows it would have to be called by.
      data-letters={url ? undefined : letters.join('').toUpperCase()}
      aria-hidden="true"
    >
      {url && <img src={url} alt="" referrerpolicy="no-referrer" />}
    </span>
  );
}
