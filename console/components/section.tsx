import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A part of a page with a heading of its own. */
export function Section({
  title,
  about,
  danger,
  children,
}: {
  title: string;
  about?: ComponentChildren;
  /** What is done here cannot be undone. */
  danger?: boolean | undefined;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class={`card section ${danger ? 'section-danger' : ''}`} aria-labelledby={id}>
      <div class="stack-small">
        <h2 id={id}>{title}</h2>
        {about && <p class="quiet small">{about}</p>}
      </div>
      <div class="stack">{children}</div>
    </section>
  );
}
