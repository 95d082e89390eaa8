import { html } from 'ghtml';
import { passwordText, usernameLimits } from '../../accounts/account-fields.ts';
import { minPasswordLength } from '../../accounts/password-rule.ts';
import { defaultSipDomain } from '../../config/settings.ts';
import { setupLinkHolder } from '../../events/actor.ts';
import type { Page } from '../../http/page.ts';
import type { Mistakes } from '../../locale/failure-text.ts';
import type { MessageKey } from '../../locale/translate.ts';
import type { ServerAnswer } from '../../network/ask-server.ts';
import { defaultRegistrar } from '../../sip/sip-uri.ts';
import type { Space } from '../../spaces/space.ts';
import { languageLinks, layout } from '../layout.ts';
import { field, mistakeList } from '../parts/field.ts';
import { serverAnswer } from '../parts/server-answer.ts';
import type { Reader } from '../reader.ts';
import { questionLine } from '../wizard.ts';

export type Step = 'domain' | 'registrar' | 'administrator';

/** The values that were typed so far. The password must be typed again each time. */
export interface Draft {
  readonly domain?: string | undefined;
  readonly registrar?: string | undefined;
  readonly username?: string | undefined;
}

export interface SetupStep {
  readonly reader: Omit<Reader, 'timeZone'>;
  readonly step: Step;
  /** The current settings of the space. */
  readonly space: Pick<Space, 'domain' | 'registrar' | 'passwordMinLength'>;
  readonly draft: Draft & { readonly domain: string; readonly isTyped?: boolean };
  /** Whether the settings of the server fix the domain. */
  readonly isFixed: boolean;
  readonly mistakes?: Mistakes;
  /** The answer of the registrar. */
  readonly answer?: ServerAnswer;
}

const labels = {
  domain: 'setup.domain',
  registrar: 'setup.registrar',
  username: 'signIn.name',
  password: 'signIn.password',
} as const satisfies Readonly<Record<string, MessageKey>>;
type Name = keyof typeof labels;

interface Parts {
  readonly title: string;
  readonly lead: string;
  readonly fields: string;
  readonly buttons: string;
  /** The fields of this step. */
  readonly shows: readonly Name[];
}

/** Returns one of the three steps of the setup. With mistakes, it is the answer to an invalid form. */
export function setupStep(options: SetupStep): Page {
  const { reader, step, draft, mistakes } = options;
  const { t, language, prefix } = reader;
  const { title, lead, fields, buttons, shows } = steps[step](options);
  const kept = (['domain', 'registrar', 'username'] as const).filter((name) => !shows.includes(name));
  const main = html`!${questionLine(reader, step)}
<h1>${title}</h1>
<p class="lead">${lead}</p>
!${summary(reader, mistakes, shows)}
<form method="post" novalidate>
<input type="hidden" name="step" value="${step}">
!${kept.map((name) => (draft[name] === undefined ? '' : html`<input type="hidden" name="${name}" value="${draft[name]}">`))}
!${fields}
<p class="buttons">!${buttons}</p>
</form>
<p class="hint foot">${t('setup.foot')}</p>`;
  // Only the first step has links to other languages, because a link would lose the values from earlier steps.
  const end = step === 'domain' ? languageLinks(language, '') : '';
  const page = { title: `${title} – Ringup`, language, width: 'reading', prefix, end, main } as const;
  return {
    html: layout(page),
    ...(mistakes === undefined ? {} : { status: 422 }),
  };
}

const steps: Readonly<Record<Step, (options: SetupStep) => Parts>> = {
  domain: ({ reader, draft, isFixed, mistakes }) => ({
    title: reader.t('setup.domainTitle'),
    lead: reader.t('setup.domainLead'),
    fields: field({
      name: 'domain',
      label: reader.t(labels.domain),
      hint: isFixed ? html`${reader.t('setup.domainFixed')}` : domainHint(reader),
      attributes: html`type="text" value="${isMadeUp(draft, isFixed) ? '' : draft.domain}" placeholder="sip.example.com" !${isFixed ? 'readonly' : 'required'} maxlength="253" autocomplete="off" autocapitalize="none" spellcheck="false" inputmode="url"`,
      mistakes: sentences('domain', mistakes),
    }),
    buttons: continueButton(reader),
    shows: ['domain'],
  }),
  registrar: ({ reader, draft, space, mistakes, answer }) => ({
    title: reader.t('setup.registrarTitle'),
    lead: reader.t('setup.registrarLead', { domain: draft.domain }),
    fields: html`!${field({
      name: 'registrar',
      label: reader.t('setup.registrarOptional'),
      hint: registrarHint(reader, draft),
      attributes: html`type="text" value="${draft.registrar ?? space.registrar ?? ''}" placeholder="${defaultRegistrar(draft.domain)}" maxlength="300" autocomplete="off" autocapitalize="none" spellcheck="false"`,
      mistakes: sentences('registrar', mistakes),
    })}!${answer === undefined ? '' : serverAnswer(reader, answer)}`,
    buttons: html`!${continueButton(reader)}<button class="button plain" name="action" value="check">${reader.t('server.check')}</button><button class="word" name="action" value="later">${reader.t('welcome.later')}</button>!${backButton(reader)}`,
    shows: ['registrar'],
  }),
  administrator: ({ reader, draft, space, mistakes }) => ({
    title: reader.t('setup.administratorTitle'),
    lead: reader.t('setup.administratorLead'),
    fields: html`!${field({
      name: 'username',
      label: reader.t(labels.username),
      hint: html`${reader.t('setup.usernameHint')} <span class="address">sip:<i>${reader.t('setup.usernamePart')}</i>@${draft.domain}</span>`,
      attributes: html`type="text" value="${draft.username ?? ''}" required maxlength="${usernameLimits.maxLength}" autocomplete="username" autocapitalize="none" spellcheck="false"`,
      mistakes: sentences('username', mistakes),
    })}!${field({
      name: 'password',
      label: reader.t(labels.password),
      hint: html`${reader.t('setup.passwordHint', { count: minLengthIn(space) })}!${isLost(mistakes) ? html` ${reader.t('form.passwordAgain')}` : ''}`,
      attributes: html`type="password" required minlength="${minLengthIn(space)}" maxlength="${passwordText.maxLength}" autocomplete="new-password"`,
      mistakes: sentences('password', mistakes),
    })}`,
    buttons: html`<button class="button">${reader.t('setup.create')}</button>!${backButton(reader)}`,
    shows: ['username', 'password'],
  }),
};

function domainHint({ t }: Pick<Reader, 't'>): string {
  return html`${t('setup.domainHint')}<br>${t('setup.domainNone', { domain: defaultSipDomain })}`;
}

/** Returns the hint with examples. With the domain of the quick start, the example with an IP address fits better. */
function registrarHint({ t }: Pick<Reader, 't'>, { domain }: SetupStep['draft']): string {
  const hint = t('setup.registrarHint', { example: 'sip:pbx.example.com:5060;transport=udp' });
  if (domain !== defaultSipDomain) return html`${hint}`;
  return html`${hint}<br>${t('setup.registrarNone', { example: 'sip:192.168.1.10;transport=tcp' })}`;
}

/**
 * Returns whether the domain is the one of a new server, which belongs to nobody. Showing it would make the field look
 * filled in.
 */
function isMadeUp({ domain, isTyped = false }: SetupStep['draft'], isFixed: boolean): boolean {
  return domain === defaultSipDomain && !isFixed && !isTyped;
}

/**
 * Returns whether the form had a valid password and was refused for another reason, so that the password must be typed
 * again.
 */
function isLost(mistakes: Mistakes | undefined): boolean {
  return mistakes !== undefined && !Object.hasOwn(mistakes, 'password');
}

function minLengthIn(space: SetupStep['space']): number {
  return minPasswordLength({ space, admin: true, actor: setupLinkHolder });
}

/** Comes before all other buttons, because the Enter key presses the first button of a form. */
function continueButton({ t }: Pick<Reader, 't'>): string {
  return html`<button class="button" name="action" value="continue">${t('welcome.continue')}</button>`;
}

function backButton({ t }: Pick<Reader, 't'>): string {
  return html`<button class="word quiet" name="action" value="back">${t('setup.back')}</button>`;
}

/** Lists the mistakes at the top if there are several, or if one is about a field of another step. */
function summary(reader: Pick<Reader, 't'>, mistakes: Mistakes | undefined, shows: readonly Name[]): string {
  const names = Object.keys(mistakes ?? {});
  const told = names.flatMap((name) =>
    sentences(name, mistakes).map((sentence) => ({
      label: Object.hasOwn(labels, name) ? reader.t(labels[name as Name]) : name,
      sentence,
      field: shows.find((each) => each === name),
    })),
  );
  const isPlain = told.length === 1 && told[0]?.field !== undefined;
  return told.length === 0 || isPlain ? '' : mistakeList(reader, told);
}

function sentences(name: string, mistakes: Mistakes | undefined): readonly string[] {
  return mistakes !== undefined && Object.hasOwn(mistakes, name) ? (mistakes[name] ?? []) : [];
}
