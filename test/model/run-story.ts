import { isDeepStrictEqual } from 'node:util';
import { statusOfError } from '../../shared/dialects/status-of-error.ts';
import { codeOf } from '../support/every-endpoint.ts';
import type { ApiAnswer } from '../support/in-process-api.ts';
import { aloneOnly, choose, commands, type Draw, type Step } from './commands.ts';
import { type Model, Refusal } from './reference-model.ts';
import { countersOf, expectedOf, look, type Seen } from './snapshot.ts';
import type { World } from './world.ts';

/** What comes of a step, as far as the model can tell. */
type Outcome = { readonly refused: string } | { readonly answered: unknown };

/** A step that was sent. */
interface Sent {
  readonly step: Step;
  readonly answer: ApiAnswer;
  readonly outcome: Outcome;
}

/** More than so many ways to explain what happened are cut down by a look. */
const explanationsMax = 24;

/**
 * Runs batches of commands, each batch at once, and holds every answer, and in the end everything that can be seen,
 * against the model: some order of a batch has to explain it all.
 *
 * Rights hold everywhere within seconds, not at once, so that a step may be judged by the rights that its caller had when
 * its batch began. What it does then is judged by the state as it is: no rule of the data is relaxed.
 *
 * @returns how many steps were sent
 * @throws an error that tells the story
 */
export async function runStory(world: World, batches: readonly (readonly Draw[])[]): Promise<number> {
  const story: string[] = [];
  const all: Sent[] = [];
  let explanations: readonly Model[] = [world.model];
  const fail = (why: string): never => {
    throw new Error(`${why}\n\n${story.join('\n')}`);
  };
  for (const [number, batch] of batches.entries()) {
    const [present] = explanations;
    if (!present) return fail('Nothing explains the beginning.');
    await mintTokens(world, explanations, batch);
    await letTimePass(world, explanations, batch);
    const steps = batch
      .filter(({ command }) => batch.length === 1 || !aloneOnly.includes(command))
      .flatMap((draw, at) => commands[draw.command]?.(choose(draw, present, `${number}.${at}`), world) ?? []);
    const answers = await Promise.all(steps.map(({ caller, request }) => world.call(caller, request)));
    for (const [at, step] of steps.entries()) {
      const answer = answers[at];
      if (answer && answer.status < 400) await step.bind?.(answer);
    }
    for (const followUp of new Set(steps.map((step) => step.followUp))) await followUp?.();
    const sent = steps.flatMap((step, at): Sent[] => {
      const answer = answers[at];
      return answer ? [{ step, answer, outcome: outcomeOf(step, answer) }] : [];
    });
    all.push(...sent);
    story.push(...sent.map(({ step, outcome }, at) => `${at === 0 ? '·' : '‖'} ${step.title}\n    ${tell(outcome)}`));
    const possible = distinct(explanations.flatMap((model) => explain(model, sent)));
    if (possible.length === 0) {
      const expected = explanations.map((model) => sent.map(({ step }) => tell(apply(step, model, model).outcome)));
      fail(
        `No order of the last ${sent.length} explains the answers. Each alone would be answered:\n${JSON.stringify(expected[0], null, 2)}`,
      );
    }
    explanations = possible.length > explanationsMax ? await seenOnes(world, possible, fail) : possible;
  }
  await checkLogs(world, await seenOnes(world, explanations, fail), all, fail);
  return all.length;
}

/** Before the steps of this batch that need it, the time of an invitation is over. */
async function letTimePass(world: World, explanations: readonly Model[], batch: readonly Draw[]): Promise<void> {
  const [present] = explanations;
  const turn = batch.find(({ command, number }) => command.startsWith('platform: ') && number % 10 === 0);
  if (!present || explanations.length > 1 || !turn) return;
  const waiting = Object.entries(present.organizations).flatMap(([name, { invitations }]) =>
    Object.entries(invitations).flatMap(([invitation, found]) =>
      found.status === 'pending' && !found.isOver ? [{ name, invitation, found }] : [],
    ),
  );
  const chosen = waiting[turn.other % Math.max(1, waiting.length)];
  if (!chosen) return;
  await world.expire(chosen.name, chosen.invitation);
  chosen.found.isOver = true;
}

/** Tokens are minted as the mailer would: for the invitations that this batch may accept. */
async function mintTokens(world: World, explanations: readonly Model[], batch: readonly Draw[]): Promise<void> {
  const [present] = explanations;
  if (!present || explanations.length > 1 || !batch.some(({ command }) => command === 'platform: accept')) return;
  for (const [name, { invitations, isDeleted }] of Object.entries(present.organizations)) {
    for (const [invitation, found] of Object.entries(invitations)) {
      if (isDeleted || found.status !== 'pending' || found.isOver || found.token !== null) continue;
      await world.mint(name, invitation);
      found.token = world.tokenOf(invitation) ?? null;
    }
  }
}

function outcomeOf(step: Step, answer: ApiAnswer): Outcome {
  const code = codeOf(answer);
  if (code === undefined) return { answered: step.view(answer) };
  const isRight = statusOfError[code as keyof typeof statusOfError] === answer.status;
  return { refused: isRight ? code : `${answer.status} ${answer.text}` };
}

function apply(step: Step, model: Model, rights: Model): { readonly model: Model; readonly outcome: Outcome } {
  const changed = structuredClone(model);
  try {
    const answered = step.rule(changed, rights === model ? changed : rights);
    return { model: changed, outcome: { answered: structuredClone(answered) } };
  } catch (error) {
    if (error instanceof Refusal) return { model, outcome: { refused: error.code } };
    throw error;
  }
}

/** Every state that some order of these steps leads to with just these outcomes. */
function explain(model: Model, sent: readonly Sent[]): Model[] {
  const ways = (present: Model, left: readonly Sent[]): Model[] =>
    left.length === 0
      ? [present]
      : left.flatMap((next) => {
          const rest = left.filter((other) => other !== next);
          const judged = sent.length === 1 ? [present] : [present, model];
          return distinct(
            judged.flatMap((rights) => {
              const { model: after, outcome } = apply(next.step, present, rights);
              return isDeepStrictEqual(outcome, next.outcome) ? [after] : [];
            }),
          ).flatMap((after) => ways(after, rest));
        });
  return distinct(ways(model, sent));
}

function distinct(models: readonly Model[]): Model[] {
  return models.filter((model, at) => models.findIndex((other) => isDeepStrictEqual(model, other)) === at);
}

const tell = (outcome: Outcome) => JSON.stringify(outcome);

/** Those of the explanations that agree with all that can be seen. What is seen has to agree with itself as well. */
async function seenOnes(
  world: World,
  explanations: readonly Model[],
  fail: (why: string) => never,
): Promise<readonly Model[]> {
  const [first] = explanations;
  if (!first) return fail('There is no explanation.');
  // What lives differs at most by what was deleted or restored: a look at it answers 404 then.
  const livingOf = ({ organizations }: Model) =>
    Object.entries(organizations)
      .filter(([, { isDeleted }]) => !isDeleted)
      .map(([name]) => name);
  const deleted = new Map<string, boolean>();
  for (const name of new Set(explanations.flatMap((model) => Object.keys(model.organizations)))) {
    const { status } = await world.call('administrator', { method: 'GET', path: `/orgs/${world.idOf(name)}` });
    deleted.set(name, status === 404);
  }
  const living = [...deleted].filter(([, isDeleted]) => !isDeleted).map(([name]) => name);
  const seen = new Map<string, Seen>();
  for (const name of living) {
    const found = await look(world, name);
    seen.set(name, found.seen);
    const byLists = countersOf(found.seen);
    if (!isDeepStrictEqual({ ...found.counters }, byLists)) {
      fail(
        `The counters of ${name} are not what its lists say:\n${JSON.stringify([found.counters, byLists], null, 1)}`,
      );
    }
    let balance = 0;
    for (const { type, amount, balanceAfter } of found.seen.ledger) {
      balance += type === 'credit' ? amount : -amount;
      if (balance !== balanceAfter || balance < 0) fail(`The ledger of ${name} does not add up.`);
    }
    const owners = found.seen.members.filter(({ roles, status }) => status === 'active' && roles.includes('OWNER'));
    if (owners.length === 0) fail(`${name} has no active owner.`);
  }
  const agreeing = explanations.filter(
    (model) =>
      isDeepStrictEqual(livingOf(model).sort(), [...living].sort()) &&
      living.every((name) => isDeepStrictEqual(expectedOf(model, name), seen.get(name))),
  );
  if (agreeing.length === 0) {
    fail(
      `What is seen is what none of ${explanations.length} explanations leads to. The first one:\n${differences(first, seen)}`,
    );
  }
  return agreeing;
}

function differences(model: Model, seen: ReadonlyMap<string, Seen>): string {
  const lines = [...seen].flatMap(([name, found]) => {
    if (model.organizations[name]?.isDeleted !== false) return [`${name} should be deleted.`];
    const expected = expectedOf(model, name);
    return (Object.keys(found) as (keyof Seen)[])
      .filter((field) => !isDeepStrictEqual(expected[field], found[field]))
      .map((field) => `${name}: ${field} ${JSON.stringify(found[field])} and not ${JSON.stringify(expected[field])}`);
  });
  return lines.join('\n') || 'Something lives that should, and is not there.';
}

/**
 * One audit entry for each thing that a mutation changed, and none without one; one access entry for each request to an
 * organization that was there.
 */
async function checkLogs(
  world: World,
  explanations: readonly Model[],
  all: readonly Sent[],
  fail: (why: string) => never,
): Promise<void> {
  const requestIdOf = ({ answer }: Sent) => answer.headers['x-request-id'] ?? '';
  const succeeded = new Set(all.filter(({ answer }) => answer.status < 400).map(requestIdOf));
  const counted: Record<string, number> = {};
  const living = Object.entries(explanations[0]?.organizations ?? {}).filter(([, { isDeleted }]) => !isDeleted);
  for (const [name] of living) {
    const id = world.idOf(name);
    const read = async (what: string, query = '') =>
      (await world.call('administrator', { method: 'GET', path: `/orgs/${id}/${what}?limit=1000${query}` })).body;
    for (const entry of await read('children_audit', `&org_id=${id}`)) {
      if (entry.request_id.startsWith('test')) continue;
      if (!succeeded.has(entry.request_id)) fail(`An audit entry of ${name} tells of a request that was refused.`);
      const key = `${name} ${entry.entity} ${entry.action}`;
      counted[key] = (counted[key] ?? 0) + 1;
    }
    const log = new Map<string, string[]>();
    for (const { request_id: requestId, status } of await read('access_log')) {
      log.set(requestId, [...(log.get(requestId) ?? []), status]);
    }
    for (const sent of all.filter(({ step }) => step.organization === name)) {
      const { status, text } = sent.answer;
      const logged = log.get(requestIdOf(sent)) ?? [];
      const code = codeOf(sent.answer);
      // Whether there was an organization to log it in depends on its life, and who asked on their credential.
      if (status === 401 || (status >= 400 && code === 'organization_not_found')) {
        if (logged.length > 1) fail(`${sent.step.title} was logged twice.`);
        continue;
      }
      const isGone = ['not_deleted', 'parent_deleted', 'forbidden', 'invalid_request'].includes(code ?? '');
      const expectedStatus = status < 400 ? 'SUCCESS' : status === 403 ? 'DENIED' : 'FAILURE';
      const isRight = logged.length === 1 && (logged[0] === expectedStatus || code === 'invalid_request');
      if (!isRight && !(isGone && logged.length === 0)) {
        fail(`${sent.step.title} answered ${status} ${text} and was logged ${JSON.stringify(logged)}.`);
      }
    }
  }
  const isOfLiving = ([key]: [string, number]) => living.some(([name]) => key.startsWith(`${name} `));
  const expected = explanations.map(({ audits }) => Object.fromEntries(Object.entries(audits).filter(isOfLiving)));
  if (!expected.some((audits) => isDeepStrictEqual(audits, counted))) {
    fail(`The audit trail is not one entry a change:\n${JSON.stringify({ counted, expected }, null, 1)}`);
  }
}
