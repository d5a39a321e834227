import { useSignal } from '@preact/signals';
import { api } from '../../api/api.ts';
import { bind } from '../../components/bind.ts';
import { Skeleton } from '../../components/busy.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { Section } from '../../components/section.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { useLoad } from '../../components/use-load.ts';
import { openOrganization } from '../../shell/organization.ts';

/** The words that the organization is found and sorted by. */
export function TagsSection({ isChangeable }: { isChangeable: boolean }) {
  const path = { org_id: openOrganization.value?.id ?? '' };
  const typed = useSignal('');
  const tags = useLoad(async (signal) => (await api('hierarchy.tags.read', { path }, { signal })).body, [path.org_id]);
  const changed = useSignal<readonly string[] | undefined>(undefined);
  const replace = useAction(async (wanted: (present: readonly string[]) => readonly string[]) => {
    // All are replaced: what others have added meanwhile is to stay.
    const { body: latest } = await api('hierarchy.tags.read', { path });
    changed.value = (await api('hierarchy.tags.replace', { path, body: { tags: wanted(latest) } })).body;
  });
  const present = changed.value ?? tags.value ?? [];
  const word = typed.value.trim();
  return (
    <Section title="Tags" about="Words of your own for this organization.">
      {tags.error !== undefined && <ErrorNotice error={tags.error} retry={tags.reload} />}
      {replace.error !== undefined && <ErrorNotice error={replace.error} />}
      {tags.value === undefined && tags.error === undefined && <Skeleton lines={1} />}
      {tags.value && present.length === 0 && <p class="quiet">No tags yet.</p>}
      {present.length > 0 && (
        <ul class="tags">
          {present.map((tag) => (
            <li key={tag} class="badge">
              {tag}
              {isChangeable && (
                <button
                  type="button"
                  class="tag-remove"
                  aria-label={`Remove the tag ${tag}`}
                  aria-disabled={replace.busy}
                  onClick={() => void replace.run((latest) => latest.filter((other) => other !== tag))}
                >
                  ×
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {isChangeable && tags.value && (
        <form
          class="with-button"
          onSubmit={async (event) => {
            event.preventDefault();
            if (word === '' || present.includes(word)) return;
            if (await replace.run((latest) => [...latest.filter((other) => other !== word), word])) typed.value = '';
          }}
        >
          <TextField
            label="New tag"
            {...bind(typed)}
            error={present.includes(word) ? 'It is there already.' : undefined}
          />
          <Button type="submit" busy={replace.busy}>
            Add
          </Button>
        </form>
      )}
    </Section>
  );
}
