import type { ComponentChildren } from 'preact';
import { useHeading } from './page.tsx';
import { Product } from './product.tsx';
import { ThemeButton } from './theme-button.tsx';

/** The frame of the pages for whoever is not signed in: one card. */
export function Door({
  title,
  about,
  children,
}: {
  title: string;
  about?: ComponentChildren;
  children?: ComponentChildren;
}) {
  const heading = useHeading(title);
  return (
    <div class="door">
      <main class="door-inner">
        <Product />
        <div class="card">
          <div class="stack-small">
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {about && <p class="quiet">{about}</p>}
          </div>
          {children}
        </div>
      </main>
      <footer class="door-foot">
        <a class="small" href="/docs">
          API reference
        </a>
        <ThemeButton />
      </footer>
    </div>
  );
}
