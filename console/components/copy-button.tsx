import { useSignal } from '@preact/signals';
import { Button } from './button.tsx';

/** Copies a text, and says so. @param what what it is, as `the request id` */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const copied = useSignal(false);
  const isRefused = useSignal(false);
  return (
    <>
      <Button
        size="small"
        label={`${copied.value ? 'Copied' : 'Copy'} ${what}`}
        onClick={async () => {
          try {
            // There is none on a page that came over plain HTTP.
            await navigator.clipboard.writeText(text);
          } catch {
            isRefused.value = true;
            return;
          }
          isRefused.value = false;
          copied.value = true;
          setTimeout(() => {
            copied.value = false;
          }, 2_000);
        }}
      >
        {copied.value ? 'Copied' : 'Copy'}
      </Button>
      <span class="visually-hidden" role="status">
        {copied.value ? `Copied ${what}.` : ''}
      </span>
      {isRefused.value && (
        <span class="copy-refused small" role="status">
          The browser does not let {what} be copied: <code>{text}</code>
        </span>
      )}
    </>
  );
}
