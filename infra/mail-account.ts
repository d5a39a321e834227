import { GetAccountCommand, SESv2Client } from '@aws-sdk/client-sesv2';

const sandbox = [
  'This account is in the SES sandbox: mail goes to addresses only that SES has verified, 200 a day. Everybody else’s',
  'invitation is refused, and ends in the dead letters of the mailer. Ask for production access in the SES console of',
  'this region (Account dashboard); until then verify the addresses that you try things with: aws sesv2',
  'create-email-identity --email-identity <address>. What was refused meanwhile is sent by the job redrive-mail.',
].join(' ');

/**
 * What keeps the mail of the account and region of the environment from arriving, in sentences for whoever deploys;
 * nothing where SES sends to everybody.
 * @throws what SES answers to who may not ask (`ses:GetAccount`)
 */
export async function mailTroubles(): Promise<readonly string[]> {
  const { ProductionAccessEnabled, SendingEnabled, EnforcementStatus, Details } = await new SESv2Client().send(
    new GetAccountCommand({}),
  );
  const asked = Details?.ReviewDetails?.Status;
  return [
    ...(ProductionAccessEnabled ? [] : [sandbox]),
    ...(!ProductionAccessEnabled && asked ? [`What was asked for there stands at ${asked}.`] : []),
    ...(SendingEnabled === false
      ? ['SES has stopped all mail of this account; its console says why (Account dashboard).']
      : []),
    ...(EnforcementStatus === 'PROBATION' || EnforcementStatus === 'SHUTDOWN'
      ? [
          `SES has put this account under ${EnforcementStatus}, for bounces or complaints; see docs/operating.md, bounce-rate.`,
        ]
      : []),
  ];
}
