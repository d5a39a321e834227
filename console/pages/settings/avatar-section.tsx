import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { api } from '../../api/api.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { Section } from '../../components/section.tsx';
import { useAction } from '../../components/use-action.ts';
import { openOrganization, readOrganization } from '../../shell/organization.ts';

const bytesMax = 2 * 1_048_576;
const types = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** The picture of the organization: looked at before it is uploaded. */
export function AvatarSection() {
  const { id = '', name = '', avatarUrl } = openOrganization.value ?? {};
  const inputId = useId();
  const file = useSignal<File | undefined>(undefined);
  const preview = useSignal<string | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const isDone = useSignal(false);
  useEffect(() => {
    if (file.value === undefined) return;
    const url = URL.createObjectURL(file.value);
    preview.value = url;
    return () => {
      URL.revokeObjectURL(url);
      preview.value = undefined;
    };
  }, [file.value, preview]);

  const choose = (chosen: File | undefined) => {
    isDone.value = false;
    upload.clear();
    problem.value = chosen && problemOf(chosen);
    file.value = problem.value === undefined ? chosen : undefined;
  };
  const upload = useAction(async (picture: File) => {
    await api('platform.avatar.upload', { path: { organization: id }, body: { file: picture } });
    await readOrganization(id);
    file.value = undefined;
    isDone.value = true;
  });
  const remove = useAction(async () => {
    await api('platform.organization.update', { path: { organizationId: id }, body: { avatarUrl: null } });
    await readOrganization(id);
  });
  const picked = file.value;
  return (
    <Section title="Avatar" about="A square picture of at most 2 MiB: PNG, JPEG, WebP or GIF.">
      {[upload, remove].map(({ error }) => error !== undefined && <ErrorNotice error={error} />)}
      {problem.value !== undefined && (
        <Notice kind="bad">
          <p>{problem.value}</p>
        </Notice>
      )}
      {isDone.value && (
        <Notice kind="good">
          <p>Uploaded.</p>
        </Notice>
      )}
      <div class="row avatar-choice">
        <Avatar name={name} url={preview.value ?? avatarUrl} />
        <div class="row">
          <input
            id={inputId}
            class="visually-hidden file-input"
            type="file"
            accept={types.join()}
            onChange={({ currentTarget }) => {
              choose(currentTarget.files?.[0]);
              // Choosing the same file again is a choice too.
              currentTarget.value = '';
            }}
          />
          <label for={inputId} class="button">
            {picked ? 'Choose another' : 'Choose a picture'}
          </label>
          {picked ? (
            <>
              <Button kind="primary" busy={upload.busy} onClick={() => void upload.run(picked)}>
                Upload
              </Button>
              <Button kind="plain" onClick={() => choose(undefined)}>
                Cancel
              </Button>
            </>
          ) : (
            avatarUrl && (
              <Button busy={remove.busy} onClick={() => void remove.run()}>
                Remove
              </Button>
            )
          )}
        </div>
      </div>
      {picked && (
        <p class="quiet small breakable">{`${picked.name}, ${Math.ceil(picked.size / 1024)} KiB: not uploaded yet`}</p>
      )}
    </Section>
  );
}

function problemOf({ size, type }: File): string | undefined {
  if (!types.includes(type)) return 'This is no PNG, JPEG, WebP or GIF.';
  return size > bytesMax ? 'This picture has more than 2 MiB.' : undefined;
}
