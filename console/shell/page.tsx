import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Badge } from '../components/badge.tsx';
import { openOrganization } from './organization.ts';

/** The head of a page: what it is, and what can be done on it. Whoever comes to the page is led to it. */
export function PageHead({
  title,
  about,
  children,
}: {
  title: string;
  about?: ComponentChildren;
  children?: ComponentChildren;
}) {
  const { name, status = 'active' } = openOrganization.value ?? {};
  const heading = useHeading(name === undefined || name === title ? title : `${title} · ${name}`);
  return (
    <div class="page-head">
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {about && <p>{about}</p>}
      </div>
      {status !== 'active' && <Badge kind="warn">{status === 'suspended' ? 'Suspended' : 'Inactive'}</Badge>}
      {children && <div class="row">{children}</div>}
    </div>
  );
}

/** Names the window, and moves the focus to the heading when a page opens, as a browser does with a new document. */
export function useHeading(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Tenantry`;
  }, [title]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return heading;
}
