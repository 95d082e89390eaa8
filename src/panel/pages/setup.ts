import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { isSuperAdministrator } from '../../access/caller.ts';
import type { Browser } from '../../access/sessions.ts';
import { usernameLimits } from '../../accounts/account-fields.ts';
import { askRegistrar } from '../../administration/check-registrar.ts';
import {
  isSetupOpen,
  makeFirstAdministrator,
  requireSettableDomain,
  setupLinkNotFound,
} from '../../administration/first-administrator.ts';
import type { App } from '../../app.ts';
import type { AppError } from '../../errors.ts';
import { sessionCaller } from '../../http/authenticate.ts';
import { clientOf } from '../../http/client-facts.ts';
import { refuseForeignPage } from '../../http/own-page.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { openEndpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { setSessionCookie } from '../../http/session-cookie.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { type Mistakes, mistakesIn, refusalText } from '../../locale/failure-text.ts';
import { defaultRegistrar } from '../../sip/sip-uri.ts';
import { asMeant, checkSpaceFields } from '../../spaces/space-fields.ts';
import { sentPassword } from '../parts/password-again.ts';
import { tryChange } from '../parts/refusal.ts';
import { type Reader, readerOf } from '../reader.ts';
import { type Draft, type Step, setupStep } from './setup-steps.ts';

const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }));

/**
 * The fields of all steps. Each step also sends the values of the earlier ones, because nothing is stored before the
 * last step.
 */
const sentShape = Type.Object(
  {
    step: Type.Optional(Type.Enum(['domain', 'registrar', 'administrator'])),
    action: Type.Optional(Type.Enum(['continue', 'back', 'check', 'later'])),
    domain: text(253),
    registrar: text(300),
    username: text(usernameLimits.maxLength),
    password: sentPassword,
  },
  { additionalProperties: false },
);
type Sent = Static<typeof sentShape>;

/** Room for texts of which a form encodes each character in up to twelve bytes. */
const maxBodyBytes = 16 * 1024;

export const showSetup = openEndpoint({
  params: ['token'],
  summary: 'Show the first step of the setup; does not use the link up',
  produces: ['text/html'],
  async handle({ app, params, request, reply }) {
    if (!(await isSetupOpen(app, params.token))) throw setupLinkNotFound();
    return sendPage(reply, stepPage({ app, reader: readerOf(app, request, reply) }, 'domain', {}));
  },
});

export const submitSetup = openEndpoint({
  params: ['token'],
  summary: 'Take one step of the setup; the last one creates the first administrator and signs in',
  refusesOtherSites: true,
  maxBodyBytes,
  form: sentShape,
  produces: ['text/html'],
  async handle({ app, params, body, request, reply }) {
    refuseForeignPage(app, request);
    const visit = { app, reader: readerOf(app, request, reply) };
    const after =
      (await pageAfter(visit, params.token, body, clientOf(request))) ?? (await pageWithoutLink(app, request));
    if ('html' in after) return sendPage(reply, after);
    if (after.session !== undefined) setSessionCookie(app, reply, after.session);
    return seeOther(app, reply, after.path);
  },
});

/** The secret of the new session, if there is one, and the path of the next page. */
interface Done {
  readonly session?: string;
  readonly path: string;
}

interface Visit {
  readonly app: App;
  readonly reader: Reader;
}

/** Returns what follows a step, or undefined if the link no longer works. */
async function pageAfter(
  visit: Visit,
  token: string,
  body: unknown,
  browser: Browser,
): Promise<Page | Done | undefined> {
  // Checked first, because only the holder of the link may make this server send anything.
  if (!(await isSetupOpen(visit.app, token))) return undefined;
  const { done, refusal } = await tryChange(
    () => takeStep(visit, token, asMeant(requireShape(sentShape, body)), browser),
    (error) => error.kind === 'not-found' || formMistakes(visit.reader, error) !== undefined,
  );
  if (refusal === undefined) return done;
  const mistakes = formMistakes(visit.reader, refusal);
  if (refusal.kind === 'not-found' || mistakes === undefined) return undefined;
  // A form's fields are texts.
  const typed = body as Readonly<Record<string, string>>;
  return stepPage(visit, stepToMend(mistakes, typed), typed, { mistakes });
}

/** Leads the browser on after a double click on the last button, of which the first click has signed it in. */
async function pageWithoutLink(app: App, request: FastifyRequest): Promise<Done> {
  const caller = await sessionCaller(app, request);
  if (caller === undefined || !isSuperAdministrator(caller)) throw setupLinkNotFound();
  return { path: '/admin/welcome' };
}

async function takeStep(visit: Visit, token: string, sent: Sent, browser: Browser): Promise<Page | Done> {
  const { app } = visit;
  const step = stepOf(sent);
  const { action } = sent;
  if (action === 'back') return stepPage(visit, step === 'administrator' ? 'registrar' : 'domain', sent);
  if (step === 'administrator') return finish(app, token, sent, browser);
  requireSettableDomain(app, sent.domain);
  const { firstSuper } = app.spaces;
  const { domain = step === 'domain' ? '' : firstSuper.domain, registrar, ...others } = sent;
  const isLeftOut = step === 'domain' || action === 'later';
  checkSpaceFields(isLeftOut ? { domain } : { domain, registrar: registrar || null });
  if (step === 'domain') return stepPage(visit, 'registrar', sent);
  if (action === 'later') return stepPage(visit, 'administrator', { domain, ...others });
  if (action !== 'check') return stepPage(visit, 'administrator', sent);
  const answer = await askRegistrar(app, firstSuper, { uri: registrar || defaultRegistrar(domain), domain });
  return stepPage(visit, 'registrar', sent, { answer });
}

async function finish(app: App, token: string, sent: Sent, browser: Browser): Promise<Done> {
  const { domain, registrar, username = '', password = '' } = sent;
  // An empty field sends an empty text; a step that was skipped sends nothing.
  const wish = { username, password, domain, registrar: registrar === undefined ? undefined : registrar || null };
  const { session, passwordsEnded } = await makeFirstAdministrator(app, token, { ...wish, browser });
  return { session, path: `/admin/welcome${passwordsEnded.length === 0 ? '' : `?ended=${passwordsEnded.length}`}` };
}

/** Returns the step that a form is from. If the form does not say it, its fields tell. */
function stepOf(sent: Readonly<Record<string, string | undefined>>): Step {
  const { step, action, username, password, registrar } = sent;
  if (action === 'check' || action === 'later') return 'registrar';
  if (step === 'domain' || step === 'registrar' || step === 'administrator') return step;
  if (username !== undefined || password !== undefined) return 'administrator';
  return registrar === undefined ? 'domain' : 'registrar';
}

/** Returns the first step that has an invalid field, or the submitted step if there is none. */
function stepToMend(mistakes: Mistakes, sent: Readonly<Record<string, string>>): Step {
  if (Object.hasOwn(mistakes, 'domain')) return 'domain';
  return Object.hasOwn(mistakes, 'registrar') ? 'registrar' : stepOf(sent);
}

function formMistakes({ t }: Pick<Reader, 't'>, error: AppError): Mistakes | undefined {
  return error.factsOf('conflict')?.why === 'domain-in-use'
    ? { domain: [refusalText(t, error)] }
    : mistakesIn(t, error);
}

function stepPage(
  { app, reader }: Visit,
  step: Step,
  { domain, registrar, username }: Draft,
  more: Pick<Parameters<typeof setupStep>[0], 'mistakes' | 'answer'> = {},
): Page {
  const { firstSuper: space } = app.spaces;
  const draft = { domain: domain ?? space.domain, isTyped: domain !== undefined, registrar, username };
  return setupStep({ reader, step, space, draft, isFixed: app.isDomainFixed, ...more });
}
