import { openOrganization } from '../../shell/organization.ts';
import { PageHead } from '../../shell/page.tsx';

/** How the organization is doing. */
export function OverviewPage() {
  return <PageHead title="Overview" about={openOrganization.value?.name} />;
}
