import type { AnyComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation, useRoute } from 'preact-iso';
import { ApiError } from '../shared/client/api-error.ts';
import { answerSecondsMax, inTime } from '../shared/client/in-time.ts';
import { Spinner } from './components/busy.tsx';
import { ErrorNotice } from './components/notice.tsx';
import { useLoad } from './components/use-load.ts';
import { SignInPage } from './pages/sign-in/sign-in-page.tsx';
import { resumeError, resumeSession, session } from './session/session.ts';
import { Door } from './shell/door.tsx';
import { closeOrganization, openOrganization, readOrganization } from './shell/organization.ts';
import { PageHead } from './shell/page.tsx';
import { Shell } from './shell/shell.tsx';

/** Each page is fetched when it is first gone to. */
const OrganizationsPage = fetched(
  async () => (await import('./pages/organizations/organizations-page.tsx')).OrganizationsPage,
);

const ProfilePage = fetched(async () => (await import('./pages/profile/profile-page.tsx')).ProfilePage);

/** The pages of an organization, by their path below `/o/<id>`. */
const organizationPages: Readonly<Record<string, AnyComponent>> = {
  '/': fetched(async () => (await import('./pages/overview/overview-page.tsx')).OverviewPage),
  '/members': fetched(async () => (await import('./pages/members/members-page.tsx')).MembersPage),
  '/invitations': fetched(async () => (await import('./pages/invitations/invitations-page.tsx')).InvitationsPage),
  '/api-keys': fetched(async () => (await import('./pages/api-keys/api-keys-page.tsx')).ApiKeysPage),
  '/access-log': fetched(async () => (await import('./pages/access-log/access-log-page.tsx')).AccessLogPage),
  '/audit-trail': fetched(async () => (await import('./pages/audit-trail/audit-trail-page.tsx')).AuditTrailPage),
  '/appearance': fetched(
    async () => (await import('./pages/customizations/customizations-page.tsx')).CustomizationsPage,
  ),
  '/wallet': fetched(async () => (await import('./pages/wallet/wallet-page.tsx')).WalletPage),
  '/settings': fetched(async () => (await import('./pages/settings/settings-page.tsx')).SettingsPage),
};

/** The pages of whoever has a link from a mail, or no account yet. */
const doorPages: Readonly<Record<string, AnyComponent>> = {
  '/sign-in': SignInPage,
  '/sign-up': fetched(async () => (await import('./pages/sign-up/sign-up-page.tsx')).SignUpPage),
  '/invite': fetched(async () => (await import('./pages/invite/invite-page.tsx')).InvitePage),
  '/forgot-password': fetched(
    async () => (await import('./pages/password/forgot-password-page.tsx')).ForgotPasswordPage,
  ),
  '/reset-password': fetched(async () => (await import('./pages/password/reset-password-page.tsx')).ResetPasswordPage),
  '/verify': fetched(async () => (await import('./pages/verify/verify-page.tsx')).VerifyPage),
};

/** The whole console. */
export function App() {
  return (
    <LocationProvider scope={/^\/(?!docs(\/|$))/}>
      <Router>
        {Object.entries(doorPages).map(([path, component]) => (
          <Route key={path} path={path} component={component} />
        ))}
        <Route path="/" component={Start} />
        <Route path="/profile" component={Profile} />
        <Route path="/o/:organizationId/:place*" component={Organization} />
        <Route default component={Nowhere} />
      </Router>
    </LocationProvider>
  );
}

function Start() {
  return (
    <SignedIn>
      <StartPage />
    </SignedIn>
  );
}

function StartPage() {
  useEffect(closeOrganization, []);
  return (
    <Shell>
      <OrganizationsPage />
    </Shell>
  );
}

function Profile() {
  useEffect(closeOrganization, []);
  return (
    <SignedIn>
      <Shell>
        <ProfilePage />
      </Shell>
    </SignedIn>
  );
}

function Organization() {
  return (
    <SignedIn>
      <OrganizationPages />
    </SignedIn>
  );
}

function OrganizationPages() {
  const { organizationId = '', place = '' } = useRoute().params;
  const Page = organizationPages[`/${place}`] ?? NoSuchPage;
  const { error, reload } = useLoad((abort) => readOrganization(organizationId, abort), [organizationId]);
  const isOpen = openOrganization.value?.id === organizationId;
  return (
    <Shell organizationId={organizationId}>
      {isOpen ? (
        <Page key={`${organizationId}/${place}`} />
      ) : error === undefined ? (
        <Waiting />
      ) : (
        <>
          <PageHead title="This organization cannot be shown" />
          <ErrorNotice error={error} retry={reload} />
          <p>
            <a href="/">Choose another organization</a>
          </p>
        </>
      )}
    </Shell>
  );
}

/** A page whose code is fetched when it is first gone to. */
function fetched(fetchPage: () => Promise<AnyComponent>): AnyComponent {
  let Page: AnyComponent | undefined;
  return () => {
    const { error, reload } = useLoad(async () => {
      Page ??= await inTime(answerSecondsMax, fetchPage).catch((cause) => {
        if (cause instanceof ApiError) throw cause;
        throw new ApiError('The service cannot be reached.', { code: 'unreachable', status: 0, cause });
      });
    }, []);
    if (Page !== undefined) return <Page />;
    if (error === undefined) return <Waiting />;
    return (
      <>
        <PageHead title="This page cannot be shown" />
        <ErrorNotice error={error} retry={reload} />
      </>
    );
  };
}

/** What is inside needs somebody signed in; whoever is not is asked to, and comes back. */
function SignedIn({ children }: { children: preact.ComponentChildren }) {
  const { url, route } = useLocation();
  const isKnown = session.value !== undefined;
  const isSignedIn = Boolean(session.value);
  useEffect(() => {
    if (!isKnown || isSignedIn) return;
    // The next person may have other rights in it, or none.
    closeOrganization();
    route(`/sign-in${url === '/' ? '' : `?to=${encodeURIComponent(url)}`}`, true);
  }, [isKnown, isSignedIn, url, route]);
  if (isSignedIn) return children;
  if (isKnown || resumeError.value === undefined) return <Waiting />;
  return (
    <main class="main main-alone">
      <PageHead title="Your session cannot be resumed just now" />
      <ErrorNotice error={resumeError.value} retry={() => void resumeSession()} />
    </main>
  );
}

function Waiting() {
  return (
    <p class="row quiet" role="status">
      <Spinner /> One moment …
    </p>
  );
}

function NoSuchPage() {
  return (
    <>
      <PageHead title="There is no such page" />
      <p>
        <a href="/">To the start</a>
      </p>
    </>
  );
}

function Nowhere() {
  return (
    <Door title="There is no such page">
      <a href="/">To the start</a>
    </Door>
  );
}
