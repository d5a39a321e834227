import { join } from 'node:path';
import type { MailEventRoute } from './application.ts';
import { accessKeyOfRequest, type CallRecorder } from './call-recorder.ts';
import { ClearError } from './clear-error.ts';
import { arnOf } from './resource-kinds.ts';
import { openServiceProxy, type ProxiedResponse } from './service-proxy.ts';
import { startServiceThread } from './service-thread.ts';

/** What can happen to a mail after it was sent. */
export type MailEventType = 'bounce' | 'complaint';

/** The embedded SES: it delivers to a page instead of to people. */
export interface MailInbox {
  /** The page that shows the mails; `GET /store` under it answers them as JSON. */
  readonly url: string;
  /** Where functions send. */
  readonly endpoint: string;
  /** Takes where the events of which mails go. */
  serve(routes: readonly MailEventRoute[], publish: (topicArn: string, message: string) => void): void;
  /** Lets the last mail to an address bounce, or its reader complain. Says to how many topics that went. */
  report(type: MailEventType, address: string): number;
  stop(): Promise<void>;
}

/** A mail as far as its events tell of it. */
interface SentMail {
  readonly timestamp: string;
  readonly messageId: string;
  readonly source: string;
  readonly destination: readonly string[];
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

interface SendEmailRequest {
  readonly ConfigurationSetName?: string;
  readonly FromEmailAddress?: string;
  readonly Destination?: { readonly [kind in 'ToAddresses' | 'CcAddresses' | 'BccAddresses']?: readonly string[] };
  readonly EmailTags?: readonly { readonly Name: string; readonly Value: string }[];
}

/** SES's own addresses for trying out what may happen; a label may follow the name: `bounce+label@…`. */
const simulator = /^(bounce|complaint)(\+[^@]*)?@simulator\.amazonses\.com$/i;

/**
 * Starts the inbox.
 * @param dataFolder where its mails are kept; without one they are gone at the end
 * @throws ClearError when the mails that were kept cannot be read.
 */
export async function startMailInbox(dataFolder?: string, recorder?: CallRecorder): Promise<MailInbox> {
  const file = dataFolder === undefined ? undefined : join(dataFolder, 'mails.jsonl');
  const thread = await startServiceThread(new URL('./mail-inbox-thread.ts', import.meta.url), { file }).catch(
    (error) => {
      throw file === undefined
        ? error
        : new ClearError(`The mails in ${file} cannot be read: move the file away. (${error.message})`);
    },
  );
  const lastMailTo = new Map<string, SentMail>();
  let routes: readonly MailEventRoute[] = [];
  let publish: (topicArn: string, message: string) => void = () => {};

  const proxy = await openServiceProxy(thread.url, {
    response(request, response, milliseconds) {
      if (request.method !== 'POST' || request.path !== '/v2/email/outbound-emails') return undefined;
      const asked: SendEmailRequest = JSON.parse(request.body.toString());
      recorder?.record({
        accessKey: accessKeyOfRequest(request.headers.authorization),
        service: 'ses',
        action: 'ses:SendEmail',
        resources: [
          ...(asked.FromEmailAddress === undefined ? [] : [arnOf('ses', `identity/${asked.FromEmailAddress}`)]),
          // Of those too, while an account is in the sandbox.
          ...(asked.Destination?.ToAddresses ?? []).map((address) => arnOf('ses', `identity/${address}`)),
          ...(asked.ConfigurationSetName === undefined
            ? []
            : [arnOf('ses', `configuration-set/${asked.ConfigurationSetName}`)]),
        ],
        request: asked,
        status: response.status,
        milliseconds,
      });
      if (response.status === 200) note(asked, response);
      return undefined;
    },
  });

  function note(asked: SendEmailRequest, response: ProxiedResponse): void {
    const tags = Object.fromEntries((asked.EmailTags ?? []).map(({ Name, Value }) => [Name, [Value]]));
    const mail: SentMail = {
      timestamp: new Date().toISOString(),
      messageId: JSON.parse(response.body.toString()).MessageId,
      source: asked.FromEmailAddress ?? '',
      destination: Object.values(asked.Destination ?? {}).flat(),
      tags:
        asked.ConfigurationSetName === undefined
          ? tags
          : { ...tags, 'ses:configuration-set': [asked.ConfigurationSetName] },
    };
    for (const address of mail.destination) {
      lastMailTo.set(address.toLowerCase(), mail);
      const wanted = simulator.exec(address)?.[1]?.toLowerCase() as MailEventType | undefined;
      if (wanted !== undefined) send(wanted, address, mail);
    }
  }

  function send(type: MailEventType, address: string, mail: SentMail): number {
    const concerned = routes.filter(
      ({ configurationSet, eventTypes }) =>
        eventTypes.includes(type) && mail.tags['ses:configuration-set']?.includes(configurationSet),
    );
    for (const { topicArn } of concerned) publish(topicArn, JSON.stringify(mailEvent(type, address, mail)));
    return concerned.length;
  }

  return {
    url: thread.url,
    endpoint: proxy.url,
    serve(newRoutes, newPublish) {
      routes = newRoutes;
      publish = newPublish;
    },
    report(type, address) {
      const mail = lastMailTo.get(address.toLowerCase());
      return mail === undefined ? 0 : send(type, address, mail);
    },
    async stop() {
      await proxy.stop();
      await thread.stop();
    },
  };
}

/** @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
function mailEvent(type: MailEventType, emailAddress: string, mail: SentMail): object {
  const timestamp = new Date().toISOString();
  const feedbackId = `local-${mail.messageId}`;
  return type === 'bounce'
    ? {
        eventType: 'Bounce',
        mail,
        bounce: {
          bounceType: 'Permanent',
          bounceSubType: 'General',
          bouncedRecipients: [
            { emailAddress, action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
          ],
          timestamp,
          feedbackId,
        },
      }
    : {
        eventType: 'Complaint',
        mail,
        complaint: { complainedRecipients: [{ emailAddress }], complaintFeedbackType: 'abuse', timestamp, feedbackId },
      };
}
