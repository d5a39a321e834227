import type { Endpoint } from '../../shared/http/define-endpoint.ts';

/** How many trips to AWS, one after the other behind authentication, an endpoint may make before it answers. */
export function tripsMaxOf({ method }: Endpoint): number {
  return method === 'GET' ? 2 : 3;
}

/** Endpoints that make more, and why. */
export const whyMoreTrips: Readonly<Record<string, string>> = {
  'auth-email-change':
    'an attempt at the password is taken, and given back, before one of the mails to the new address is taken: a wrong password sends nothing',
  'auth-password-reset':
    'the link tells the address, its claim the person; what failed before is forgotten only once they are known',
  'auth-session-login':
    'the address tells the person, the person their organizations: each has the sign-in in its access log before anybody gets a token; an unknown address takes as many',
};
