import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Avatar } from '../components/avatar.tsx';
import { Button, ButtonLink } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { session, signOut } from '../session/session.ts';
import { places } from './navigation.ts';
import { may, openOrganization } from './organization.ts';
import { Product } from './product.tsx';
import { ThemeButton } from './theme-button.tsx';

/** The frame of every page for whoever is signed in. */
export function Shell({
  organizationId,
  children,
}: {
  organizationId?: string | undefined;
  children: ComponentChildren;
}) {
  const menuIsOpen = useSignal(false);
  const { path } = useLocation();
  // While another one is on its way, or cannot be shown, this is still the one before.
  const organization = openOrganization.value?.id === organizationId ? openOrganization.value : undefined;
  useEffect(() => {
    menuIsOpen.value = false;
    scrollTo(0, 0);
  }, [path]);
  return (
    <>
      <a class="skip button" href="#main">
        Skip to the page
      </a>
      <header class="top">
        {organizationId !== undefined && (
          <button
            type="button"
            class="icon-button menu-button"
            aria-label="Menu"
            aria-expanded={menuIsOpen.value}
            aria-controls="places"
            onClick={() => {
              menuIsOpen.value = !menuIsOpen.value;
            }}
          >
            <Icon name={menuIsOpen.value ? 'close' : 'menu'} />
          </button>
        )}
        <Product />
        {organization && (
          <>
            <span class="top-separator" aria-hidden="true">
              /
            </span>
            <a class="top-organization" href="/">
              <Avatar name={organization.name} url={logoOf(organization)} />
              <span>
                {organization.name}
                <span class="visually-hidden">: choose another organization</span>
              </span>
              <Icon name="chooser" />
            </a>
          </>
        )}
        <div class="top-end">
          <ThemeButton />
          <Account />
        </div>
      </header>
      {organizationId === undefined ? (
        <main id="main" class="main main-alone" tabIndex={-1}>
          {children}
        </main>
      ) : (
        <div class="frame">
          <nav id="places" class={`side ${menuIsOpen.value ? 'side-open' : ''}`} aria-label="Organization">
            <div class="side-inner">
              {places
                .filter(({ permissions }) => organization && permissions.some(may))
                .map(({ path: below, label, icon }) => {
                  const href = `/o/${organizationId}${below === '' ? '' : `/${below}`}`;
                  return (
                    <a key={href} href={href} aria-current={path === href ? 'page' : undefined}>
                      <Icon name={icon} />
                      {label}
                    </a>
                  );
                })}
            </div>
          </nav>
          <main id="main" class="main" tabIndex={-1}>
            {children}
          </main>
        </div>
      )}
    </>
  );
}

function logoOf({ avatarUrl, customizations }: { avatarUrl: string | null; customizations: Record<string, unknown> }) {
  return typeof customizations.logo_url === 'string' ? customizations.logo_url : avatarUrl;
}

/** Who is signed in, and the way out. */
function Account() {
  const menu = useRef<HTMLDetailsElement>(null);
  const { path } = useLocation();
  useEffect(() => {
    if (menu.current) menu.current.open = false;
  }, [path]);
  useEffect(() => {
    const close = (event: Event) => {
      if (!menu.current?.open) return;
      const isOutside = event.target instanceof Node && !menu.current.contains(event.target);
      const isEscape = event instanceof KeyboardEvent && event.key === 'Escape';
      if (!isOutside && !isEscape) return;
      // Else what has the focus is hidden, and the keyboard is nowhere.
      if (!isOutside) menu.current.querySelector('summary')?.focus();
      menu.current.open = false;
    };
    const happenings = ['click', 'keydown', 'focusin'];
    for (const name of happenings) document.addEventListener(name, close);
    return () => {
      for (const name of happenings) document.removeEventListener(name, close);
    };
  }, []);
  const user = session.value?.user;
  if (!user) return null;
  const name = `${user.first_name} ${user.last_name}`.trim() || user.email;
  return (
    <details class="account" ref={menu}>
      <summary aria-label={`Account of ${name}`}>
        <Avatar name={name} round />
      </summary>
      <div class="account-menu">
        <div>
          <strong>{name}</strong>
          <p class="quiet small">{user.email}</p>
          {user.platform_admin && <p class="quiet small">Platform administrator</p>}
        </div>
        <ButtonLink href="/profile">Your profile</ButtonLink>
        <Button onClick={signOut}>Sign out</Button>
      </div>
    </details>
  );
}
