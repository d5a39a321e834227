import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../../../shared/client/api-error.ts';
import type { Answer } from '../../../shared/client/client.ts';
import { api } from '../../api/api.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Badge } from '../../components/badge.tsx';
import { bind } from '../../components/bind.ts';
import { Skeleton } from '../../components/busy.tsx';
import { Button } from '../../components/button.tsx';
import { Form } from '../../components/form.tsx';
import { into } from '../../components/into.ts';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { Section } from '../../components/section.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { useLoad } from '../../components/use-load.ts';
import { readSession } from '../../session/session.ts';
import {
  may,
  type OpenOrganization,
  openOrganization,
  readOrganization,
  showOrganization,
} from '../../shell/organization.ts';
import { PageHead } from '../../shell/page.tsx';
import { isColor } from '../../theme/brand.ts';

/** What is offered to whoever has no colour yet. */
const firstColor = '#2f5bd3';

/** Name, logo and colour of the organization. */
export function CustomizationsPage() {
  const id = openOrganization.value?.id ?? '';
  const stored = useLoad(
    async (signal) => api('hierarchy.organization.read', { path: { org_id: id } }, { signal }),
    [id],
  );
  return (
    <>
      <PageHead title="Appearance" about="The console shows what you change at once; others see it once it is saved." />
      {stored.error !== undefined && <ErrorNotice error={stored.error} retry={stored.reload} />}
      {stored.value && openOrganization.value ? (
        <Appearance stored={stored.value} />
      ) : (
        stored.error === undefined && (
          <div class="card">
            <Skeleton lines={6} />
          </div>
        )
      )}
    </>
  );
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** What of an organization is changed here. */
function textsOf({ name, customizations }: OpenOrganization) {
  return { name, color: textOf(customizations.branding_color), logo: textOf(customizations.logo_url) };
}

/** The organization that is looked at, as it has just been read. */
function asOpen({ body: { name, status, customizations } }: Stored): OpenOrganization {
  return { ...(openOrganization.peek() as OpenOrganization), name, status, customizations };
}

/** An organization as it is read, with the version that it is of. */
type Stored = Pick<Answer<'hierarchy.organization.read'>, 'body' | 'etag'>;

/** @param stored what is changed */
function Appearance({ stored }: { stored: Stored }) {
  const version = useSignal(stored.etag);
  const saved = useSignal(asOpen(stored));
  const { customizations } = saved.value;
  const texts = textsOf(saved.value);
  const name = useSignal(texts.name);
  const color = useSignal(texts.color);
  const logo = useSignal(texts.logo);
  const isLogoBroken = useSignal(false);
  const isSaved = useSignal(false);
  const isOvertaken = useSignal(false);
  const mayChange = may('customizations:write') && may('organization:update') && saved.value.status === 'active';

  useEffect(() => {
    const { branding_color: _, logo_url: __, ...others } = customizations;
    showOrganization({
      ...saved.value,
      name: name.value.trim() || saved.value.name,
      customizations: {
        ...others,
        ...(isColor(color.value) ? { branding_color: color.value } : {}),
        ...(URL.canParse(logo.value) && !isLogoBroken.value ? { logo_url: logo.value } : {}),
      },
    });
  }, [name.value, color.value, logo.value, isLogoBroken.value, customizations, saved]);
  // What was only tried on is taken off when the page is left.
  useEffect(() => () => showOrganization(saved.peek()), [saved]);

  const action = useAction(async () => {
    isSaved.value = false;
    isOvertaken.value = false;
    const changed = await api(
      'hierarchy.organization.update',
      {
        path: { org_id: saved.value.id },
        body: {
          name: name.value,
          customizations: { branding_color: color.value || null, logo_url: logo.value || null },
        },
      },
      { ifMatch: version.value },
    ).catch(async (error) => {
      if (!(error instanceof ApiError && error.code === 'precondition_failed')) throw error;
      takeOver(await api('hierarchy.organization.read', { path: { org_id: saved.value.id } }));
    });
    if (changed === undefined) return;
    version.value = changed.etag;
    saved.value = await readOrganization(saved.value.id);
    isSaved.value = true;
    await readSession();
  });
  /** What somebody else has changed is taken over, beside what is changed here. */
  const takeOver = (latest: Stored) => {
    const [before, after] = [textsOf(saved.value), textsOf(asOpen(latest))];
    for (const [field, key] of [
      [name, 'name'],
      [color, 'color'],
      [logo, 'logo'],
    ] as const)
      if (field.value === before[key]) field.value = after[key];
    saved.value = asOpen(latest);
    version.value = latest.etag;
    isOvertaken.value = true;
  };
  const others = Object.entries(customizations).filter(([key]) => key !== 'branding_color' && key !== 'logo_url');
  return (
    <div class="columns">
      <Section title="What people see">
        {mayChange ? (
          <Form action={action} submit="Save" done={isSaved.value ? 'Saved.' : undefined}>
            {isOvertaken.value && (
              <Notice kind="warn" title="Somebody else has changed it meanwhile.">
                <p>
                  Their changes are shown now, and so are yours. Nothing of yours is saved yet: look at it and save
                  again.
                </p>
              </Notice>
            )}
            <TextField label="Name" required {...bind(name)} error={action.fieldError('name')} />
            <div class="color-field">
              <TextField
                label="Colour"
                type="color"
                value={isColor(color.value) ? color.value : firstColor}
                onInput={into(color)}
              />
              <TextField
                label="Colour as #rrggbb"
                placeholder="None: the console's own"
                {...bind(color)}
                error={
                  action.fieldError('customizations.branding_color') ??
                  (color.value === '' || isColor(color.value) ? undefined : 'Six digits after #, as #2f5bd3.')
                }
              />
              {color.value !== '' && (
                <Button
                  label="None: take the colour away"
                  onClick={() => {
                    color.value = '';
                  }}
                >
                  None
                </Button>
              )}
            </div>
            <TextField
              label="Address of the logo"
              type="url"
              placeholder="https://"
              hint="A square picture, by https. Without one, the avatar is shown."
              value={logo.value}
              error={action.fieldError('customizations.logo_url')}
              onInput={(value) => {
                isLogoBroken.value = false;
                logo.value = value;
              }}
            />
            {isLogoBroken.value && (
              <Notice kind="warn">
                <p>There is no picture at that address, so the console goes on with the avatar.</p>
              </Notice>
            )}
          </Form>
        ) : (
          <dl class="facts">
            <dt>Name</dt>
            <dd>{saved.value.name}</dd>
            <dt>Colour</dt>
            <dd>{color.value || 'The console’s own'}</dd>
            <dt>Logo</dt>
            <dd class="breakable">{logo.value || 'The avatar'}</dd>
          </dl>
        )}
        {logo.value !== '' && URL.canParse(logo.value) && (
          <img
            class="visually-hidden"
            src={logo.value}
            alt=""
            referrerpolicy="no-referrer"
            onError={() => {
              isLogoBroken.value = true;
            }}
          />
        )}
      </Section>
      <Section
        title="How it looks"
        about="Where text in your colour would be hard to read, it is shown darker, and on dark grounds lighter."
      >
        <Sample theme="light" />
        <Sample theme="dark" />
        {others.length > 0 && (
          <details>
            <summary>Other customizations, kept as they are ({others.length})</summary>
            <pre class="code">{JSON.stringify(Object.fromEntries(others), null, 2)}</pre>
          </details>
        )}
      </Section>
    </div>
  );
}

/** A little of everything, in one theme. */
function Sample({ theme }: { theme: 'light' | 'dark' }) {
  const { name, avatarUrl, customizations } = openOrganization.value ?? {};
  return (
    <div class="sample" data-theme={theme}>
      <div class="row">
        <Avatar name={name ?? ''} url={textOf(customizations?.logo_url) || avatarUrl} />
        <strong>{name}</strong>
        <Badge kind="brand">Owner</Badge>
      </div>
      <div class="row">
        <span class="button button-primary">Button</span>
        <span class="sample-link">A link</span>
      </div>
    </div>
  );
}
