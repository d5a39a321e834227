import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ApiError } from '../../shared/client/api-error.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';

/** A message that stays where it is. Bad news is brought into view and read out at once, other news in a pause. */
export function Notice({
  kind,
  title,
  children,
}: {
  kind?: 'good' | 'warn' | 'bad' | undefined;
  title?: string | undefined;
  children?: ComponentChildren;
}) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (kind === 'bad') element.current?.scrollIntoView({ block: 'nearest' });
  }, [kind]);
  return (
    <div ref={element} class={`notice ${kind ? `notice-${kind}` : ''}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {title && <p class="notice-title">{title}</p>}
      {children}
    </div>
  );
}

/** What went wrong, with the request id to copy for support; and, where that makes sense, to try again. */
export function ErrorNotice({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const refusal = error instanceof ApiError ? error : undefined;
  const fields = refusal?.fields ?? [];
  // What is not there, or not any more, does not come by asking again.
  const isGone = refusal?.status === 404 || refusal?.status === 410;
  return (
    <Notice kind="bad">
      <p>
        {sentenceOf(error)}
        {refusal?.code === 'timed_out' && !retry && ' Look whether it was done, or try again.'}
      </p>
      {fields.length > 0 && (
        <ul>
          {fields.map(({ field, message }) => (
            <li key={field}>
              {field.replaceAll('_', ' ')}: {message}
            </li>
          ))}
        </ul>
      )}
      {refusal?.requestId && (
        <div class="notice-reference">
          <span>
            Request <code>{refusal.requestId}</code>
          </span>
          <CopyButton text={refusal.requestId} what="the request id" />
        </div>
      )}
      {retry && !isGone && (
        <div>
          <Button size="small" onClick={retry}>
            Try again
          </Button>
        </div>
      )}
    </Notice>
  );
}

/** What is said of an error: the API's own sentence, with how long to wait where it says that. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong in this page. Reload it and try again.';
  const { message, retryAfterSeconds } = error;
  return retryAfterSeconds === undefined ? message : `${message} Try again in ${spokenSeconds(retryAfterSeconds)}.`;
}

function spokenSeconds(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  return `${minutes} minutes`;
}
