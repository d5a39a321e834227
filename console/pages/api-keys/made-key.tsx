import type { AnswerOf } from '../../../shared/client/client.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { DialogActions } from '../../components/dialog.tsx';
import { Notice } from '../../components/notice.tsx';

/** The secret of a key, this once. */
export function MadeKey({ made, onClose }: { made: AnswerOf<'hierarchy.api_key.create'>; onClose: () => void }) {
  return (
    <>
      <Notice kind="warn" title="Copy the secret now">
        <p>It is shown this once and kept nowhere. Whoever has it can act for you.</p>
      </Notice>
      <Secret name="API key" value={made.api_key} />
      <details class="stack-small">
        <summary>The same as a service account</summary>
        <div class="stack">
          <Secret name="Client ID" value={made.client_id} />
          <Secret name="Client secret" value={made.client_secret} />
        </div>
      </details>
      <DialogActions>
        <Button kind="primary" onClick={onClose}>
          I have copied it
        </Button>
      </DialogActions>
    </>
  );
}

function Secret({ name, value }: { name: string; value: string }) {
  return (
    <div class="field">
      <span class="label">{name}</span>
      <div class="secret">
        <code>{value}</code>
        <CopyButton text={value} what={`the ${name.replace(/^C/, 'c')}`} />
      </div>
    </div>
  );
}
