import express, { type Request, type Response, type Router } from 'express';
import { sendDocument } from '../../page/document.ts';
import { formatDuration, parseDuration } from '../../platform/time/duration.ts';
import { isCrossSite } from '../access/cross-site.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { writeMatchers } from '../merge/silences.ts';
import { textsOf } from '../query/list-query.ts';
import type { SilenceRow } from '../query/silences.ts';
import type { PickedAlert, PlannedSilence } from '../silence/plan.ts';
import { checkWish, readMatchers } from '../silence/request.ts';
import type { ChangeResult, Silences } from '../silence/service.ts';
import { WEB_LOOK } from './layout.ts';
import type { PageContext } from './page-context.ts';
import { contextOf, type PageRouterOptions } from './page-router.ts';
import { renderSilenceForm, type SilenceDraft } from './silence-form.ts';
import { renderSilences } from './silences.ts';

interface SilenceRouterOptions extends PageRouterOptions {
  readonly silences: Silences;
}

type Fields = Readonly<Record<string, unknown>>;

/** Forms with thousands of ticks are refused with a sentence; a filter does the same in one line. */
const MAX_FORM = '1mb';

/** The form for silences, and what it and the ticks of the list do. */
export function createSilenceRouter(options: SilenceRouterOptions): Router {
  const { silences } = options;
  const router = express.Router();
  router.get('/silences/new', (request, response) => {
    const context = contextOf(request, options);
    const draft = draftOf(request.query, context);
    answerForm(request, response, context, draft, tryPlan(context, draft, silences));
  });
  router.use('/silences', (request, _response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD' && isCrossSite(request)) {
      throw new ApiProblem(403, 'forbidden', 'This request came from another site: nothing was changed.');
    }
    next();
  });
  router.use('/silences', express.urlencoded({ extended: false, limit: MAX_FORM, parameterLimit: 20_000 }));
  router.post('/silences', async (request, response) => {
    await create(contextOf(request, options), request, response, silences);
  });
  router.post('/silences/bulk', async (request, response) => {
    const context = contextOf(request, options);
    const sentences = await changeMany(context, fieldsOf(request), silences);
    sendDocument(request, response, renderSilences(contextOf(request, options), sentences), WEB_LOOK);
  });
  return router;
}

async function create(
  context: PageContext,
  request: Request,
  response: Response,
  silences: Silences,
): Promise<void> {
  const draft = draftOf(fieldsOf(request), context);
  const { config, viewer } = context.view;
  let results: ChangeResult[];
  try {
    const wish = checkWish(draft, config);
    const author = viewer.user ?? draft.author.trim();
    if (author === '') throw new ApiProblem(400, 'bad_data', 'An author is required: say who you are.');
    const plan = planOf(context, draft, silences);
    if (plan.length === 0)
      throw new ApiProblem(
        400,
        'bad_data',
        'Nothing to silence: the alerts that were picked are gone, or no cluster is chosen.',
      );
    results = await silences.create(context.view, plan, wish, author);
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    response.status(error.status);
    answerForm(request, response, context, draft, {
      ...tryPlan(context, draft, silences),
      problems: [error.message],
    });
    return;
  }
  const failed = results.filter(({ result }) => !result.ok);
  if (failed.length === results.length) {
    response.status(502);
    const { plan } = tryPlan(context, draft, silences);
    answerForm(request, response, context, draft, {
      plan,
      problems: results.map((one) => sentenceOn(one, 'created')),
    });
    return;
  }
  sendDocument(
    request,
    response,
    renderSilences(
      context,
      results.map((one) => sentenceOn(one, 'created')),
    ),
    WEB_LOOK,
  );
}

async function changeMany(context: PageContext, fields: Fields, silences: Silences): Promise<string[]> {
  const rows = textsOf(fields['id']).flatMap((text): SilenceRow[] => {
    const [cluster = '', id = ''] = text.split('/');
    const snapshot = context.view.allowed.find(({ name }) => name === cluster)?.snapshot;
    const silence = snapshot?.silences.find((one) => one.id === id);
    return silence === undefined ? [] : [{ cluster, silence }];
  });
  if (rows.length === 0) return ['Nothing was ticked.'];
  if (fields['action'] === 'expire') {
    return (await silences.expire(context.view, rows)).map((one) => sentenceOn(one, 'expired'));
  }
  const by = parseDuration(textsOf(fields['by'])[0] ?? '');
  if (by === undefined || by === 0) throw new ApiProblem(400, 'bad_data', 'The duration must be such as 2h.');
  return (await silences.extend(context.view, rows, by)).map((one) => sentenceOn(one, 'extended'));
}

/** What became of one silence, in a sentence. */
function sentenceOn({ cluster, matchers, result }: ChangeResult, done: string): string {
  const what = `${cluster}: ${writeMatchers(matchers).join(', ')}`;
  if (!result.ok) return `${what} was not ${done}. ${result.error}`;
  const where = result.inForceOn.length === 0 ? '' : `; in force on ${result.inForceOn.join(', ')}`;
  const missing = result.notOn.length === 0 ? '' : `. ${result.notOn.join('. ')}`;
  return `${what} ${done} on ${result.member}${where}${missing}.`;
}

function planOf(context: PageContext, draft: SilenceDraft, silences: Silences): PlannedSilence[] {
  const { view } = context;
  if (draft.picked.length > 0) return silences.plan(view, draft.picked.map(pickedOf));
  return silences.plan(view, { clusters: draft.clusters, matchers: readMatchers(draft.filter.split('\n')) });
}

// While the form is still being filled in, what is missing is no mistake.
function tryPlan(
  context: PageContext,
  draft: SilenceDraft,
  silences: Silences,
): { plan: PlannedSilence[]; problems: string[] } {
  if (draft.picked.length === 0 && draft.filter.trim() === '') return { plan: [], problems: [] };
  try {
    return { plan: planOf(context, draft, silences), problems: [] };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return { plan: [], problems: [error.message] };
  }
}

function draftOf(fields: Fields, { view }: PageContext): SilenceDraft {
  const first = (name: string): string => textsOf(fields[name])[0] ?? '';
  const { silences } = view.config;
  const isAcknowledging = first('acknowledge') === '1';
  const own = view.allowed
    .filter(({ name }) => view.viewer.roleIn(name) === 'operator')
    .map(({ name }) => name);
  const clusters = textsOf(fields['cluster']);
  return {
    clusters: clusters.length > 0 ? clusters : own.length === 1 ? own : [],
    filter: textsOf(fields['filter']).join('\n'),
    picked: textsOf(fields['alert']),
    duration:
      first('duration') ||
      formatDuration(isAcknowledging ? silences.acknowledge.duration : silences.default_duration),
    comment: first('comment') || (isAcknowledging ? silences.acknowledge.comment : ''),
    author: first('author'),
  };
}

function pickedOf(text: string): PickedAlert {
  const [cluster = '', fingerprint = ''] = text.split('/');
  return { cluster, fingerprint };
}

function fieldsOf({ body }: Request): Fields {
  return typeof body === 'object' && body !== null ? (body as Fields) : {};
}

function answerForm(
  request: Request,
  response: Response,
  context: PageContext,
  draft: SilenceDraft,
  { plan, problems }: { readonly plan: readonly PlannedSilence[]; readonly problems: readonly string[] },
): void {
  sendDocument(request, response, renderSilenceForm(context, { draft, plan, problems }), WEB_LOOK);
}
