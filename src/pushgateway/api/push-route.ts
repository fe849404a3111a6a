import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from '../../platform/log/log.ts';
import { parseDuration } from '../../platform/time/duration.ts';
import { ExpositionError, type LabelPair, type PushedFamilies } from '../exposition/metric-family.ts';
import type { NameRule } from '../exposition/names.ts';
import { parseProtobuf } from '../exposition/protobuf.ts';
import { parseText } from '../exposition/text-parser.ts';
import { EMPTY_SEGMENT, GroupingKeyError, parseGroupingKey } from '../groups/grouping-key.ts';
import { GROUP_TIMES, type GroupStore, type PushMode, type PushPlan } from '../groups/group-store.ts';
import { pushedProblem } from '../groups/pushed-problem.ts';
import type { PushFailure, PushgatewayMetrics } from '../metrics/pushgateway-metrics.ts';
import type { Committer } from '../storage/committer.ts';
import { CHECK_FAMILY_NAMES } from '../results/check-families.ts';
import { encodingOf, readBody, unpack } from './body.ts';
import { answerText, byMethod } from './text-answer.ts';

export interface PushRouteOptions {
  readonly groups: GroupStore;
  readonly committer: Committer;
  readonly metrics: PushgatewayMetrics;
  readonly nameRule: NameRule;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
}

const PUSH_PATH = /^\/metrics\/(job(?:@base64)?\/.*)$/s;
const BROKEN_PUSH_PATH = /^\/+metrics\/+job(?:@base64)?(?:\/|$)/;
const INCONSISTENT = 'pushed metrics are invalid or inconsistent with existing metrics';

/** `PUT`, `POST` and `DELETE /metrics/job/…`. Reads the raw path: Express would unescape it. */
export function createPushRoute(options: PushRouteOptions): RequestHandler {
  const atPushPath = byMethod({
    DELETE: (request, response) => answerDelete(request, response, options),
    POST: (request, response) => answerPush(request, response, { ...options, mode: 'merge' }),
    PUT: (request, response) => answerPush(request, response, { ...options, mode: 'replace' }),
  });
  return function route(request, response, next) {
    const path = rawPathOf(request);
    if (PUSH_PATH.test(path)) return atPushPath(request, response, next);
    if (path.includes('//') && BROKEN_PUSH_PATH.test(path)) {
      answerText(response, 400, EMPTY_SEGMENT);
      return undefined;
    }
    next();
    return undefined;
  };
}

async function answerPush(
  request: Request,
  response: Response,
  options: PushRouteOptions & { readonly mode: PushMode },
): Promise<void> {
  const { metrics, log } = options;
  const end = metrics.startPush(request.method);
  const refuse = (reason: PushFailure, sentence: string): void => {
    metrics.countPushFailure(reason);
    log.debug(
      { path: request.path, remote: request.socket.remoteAddress, reason: sentence },
      'refused a push',
    );
    answerText(response, reason === 'full' ? 507 : 400, sentence);
  };
  try {
    const labels = keyOf(request, options.nameRule);
    const ttl = ttlOf(request);
    const body = await readBody(request);
    metrics.observePushSize(request.method, body.length);
    const pushed = await parseBody(request, body, options.nameRule);
    const plan = await commitPush(pushed, { ...options, labels, ttl, bytes: body.length });
    if (plan.outcome === 'stored') response.status(200).end();
    else if (plan.outcome === 'full') refuse('full', plan.problem);
    else refuse('inconsistent', `${INCONSISTENT}: ${plan.problem}`);
  } catch (error) {
    if (error instanceof GroupingKeyError) refuse('path', error.message);
    else if (error instanceof ExpositionError) refuse('unreadable', error.message);
    else throw error;
  } finally {
    end();
  }
}

interface PushContext extends PushRouteOptions {
  readonly mode: PushMode;
  readonly labels: readonly LabelPair[];
  readonly ttl: number | undefined;
  readonly bytes: number;
}

function commitPush(
  { families, hasTimestamps }: PushedFamilies,
  { groups, committer, nameRule, now, ...push }: PushContext,
): Promise<PushPlan> {
  const pushed = [...families.values()].filter(({ name }) => !GROUP_TIMES.some((own) => own === name));
  const problem = hasTimestamps
    ? 'pushed metrics must not have timestamps'
    : pushed
        .map((family) => pushedProblem(family, { nameRule, checkFamilies: CHECK_FAMILY_NAMES }))
        .find((found) => found !== undefined);
  return committer.submit(() => {
    const plan: PushPlan =
      problem === undefined
        ? groups.planPush({ ...push, families: pushed, now: now() })
        : { outcome: 'inconsistent', problem, changes: groups.planRefusal(push.labels, now()) };
    return { answer: plan, changes: plan.outcome === 'full' ? [] : plan.changes };
  }, push.bytes);
}

async function answerDelete(
  request: Request,
  response: Response,
  { groups, committer, nameRule }: PushRouteOptions,
): Promise<void> {
  try {
    const labels = keyOf(request, nameRule);
    await committer.submit(() => {
      const group = groups.find(labels);
      return { answer: undefined, changes: groups.planRemoval(group === undefined ? [] : [group]) };
    }, 0);
    response.status(202).end();
  } catch (error) {
    if (!(error instanceof GroupingKeyError)) throw error;
    answerText(response, 400, error.message);
  }
}

async function parseBody(request: Request, body: Buffer, nameRule: NameRule): Promise<PushedFamilies> {
  const unpacked = await unpack(body, encodingOf(request));
  return isProtobuf(request.headers['content-type'])
    ? parseProtobuf(unpacked)
    : parseText(unpacked, nameRule);
}

// All else is text, whatever it says (expfmt.ResponseFormat).
function isProtobuf(contentType = ''): boolean {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  const values = new Map(parameters.map((parameter) => splitParameter(parameter)));
  return (
    type.toLowerCase() === 'application/vnd.google.protobuf' &&
    values.get('proto') === 'io.prometheus.client.MetricFamily' &&
    values.get('encoding') === 'delimited'
  );
}

function splitParameter(parameter: string): [name: string, value: string] {
  const at = parameter.indexOf('=');
  return [
    parameter.slice(0, at).trim().toLowerCase(),
    parameter
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1'),
  ];
}

function keyOf(request: Request, nameRule: NameRule): LabelPair[] {
  return parseGroupingKey(PUSH_PATH.exec(rawPathOf(request))?.[1] ?? '', nameRule);
}

function ttlOf({ query }: Request): number | undefined {
  const text = query['ttl'];
  if (text === undefined) return undefined;
  const ttl = typeof text === 'string' ? parseDuration(text) : undefined;
  if (ttl === undefined) throw new GroupingKeyError('ttl must be a duration such as 10m');
  return ttl;
}

function rawPathOf({ url }: Request): string {
  return url.split('?', 1)[0] ?? '';
}
