import { Avatar } from '../../components/avatar.tsx';
import { Empty } from '../../components/empty.tsx';
import { session } from '../../session/session.ts';
import { PageHead } from '../../shell/page.tsx';

/** Chooses an organization. */
export function OrganizationsPage() {
  const memberships = session.value?.memberships ?? [];
  return (
    <>
      <PageHead title="Organizations" about="Choose the one to work in." />
      {memberships.length === 0 ? (
        <div class="card">
          <Empty title="You are in no organization yet">
            Ask for an invitation: the link in its mail makes you a member.
          </Empty>
        </div>
      ) : (
        <ul>
          {memberships.map(({ organization_id: id, organization_name: name }) => (
            <li key={id}>
              <a href={`/o/${id}`} class="row">
                <Avatar name={name} /> {name}
              </a>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
