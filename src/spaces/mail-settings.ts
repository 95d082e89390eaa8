import { Type } from 'typebox';
import { aboutValue, type Complaint } from '../errors/complaints.ts';
import { nullable } from '../lib/check-shape.ts';
import { checkCharacters } from '../lib/forbidden-characters.ts';
import { languages } from '../lib/languages.ts';
import { parseMailbox } from '../lib/mailbox.ts';
import { foreignPlaceholders } from '../lib/placeholders.ts';
import { parseSmtpUrl } from '../lib/smtp-url.ts';
import { secretSetting, setting } from './space-setting.ts';

/** The placeholders that an introduction may contain, each in braces. */
export const introductionFacts = ['name', 'sip_uri', 'link', 'valid_until', 'space'] as const;

/** The ports of mail servers. A server that is set in the database must not lead to other services. */
const smtpPorts: readonly number[] = [25, 465, 587, 2525];

/** The maximum lengths of a sender and a mail server's URL, also used in the panel's forms. */
export const mailboxText = { maxLength: 350 } as const;
export const maxIntroductionLength = 2000;
export const smtpUrlText = { maxLength: 1000 } as const;

/** The part of `spaceSettings` about people: their mails, their language and their time zone. */
export const mailSettings = {
  language: setting({
    schema: Type.Enum(languages, {
      description: 'The language of pages and mails for people who have chosen no other.',
    }),
    default: 'en',
  }),
  time_zone: setting({
    schema: nullable(
      Type.String({
        maxLength: 64,
        description:
          "The time zone of the times in mails and on sheets, such as `Europe/Berlin`; null: the server's. Pages use the " +
          "browser's, or this one in browsers without JavaScript.",
        examples: ['Europe/Berlin'],
      }),
    ),
    default: null,
    check: checkTimeZone,
  }),
  contact_text: setting({
    schema: nullable(
      Type.String({
        maxLength: 300,
        description:
          'Whom people ask for a new code or for help, such as `Reception, number 100`; null: nobody is named.',
      }),
    ),
    default: null,
    check: checkLine,
  }),
  mail_from: setting({
    schema: nullable(
      Type.String({
        ...mailboxText,
        description:
          "The sender of the space's mails, as `phones@example.com` or `Phones <phones@example.com>`; null: " +
          'RINGUP_MAIL_FROM or, without it, that of the first space.',
      }),
    ),
    default: null,
    check: checkMailbox,
  }),
  mail_reply_to: setting({
    schema: nullable(
      Type.String({ ...mailboxText, description: 'Where answers to the mails go; null: to the sender.' }),
    ),
    default: null,
    check: checkMailbox,
  }),
  mail_introduction_en: introduction('English'),
  mail_introduction_fr: introduction('French'),
  smtp_url: secretSetting({
    schema: nullable(
      Type.String({
        ...smtpUrlText,
        writeOnly: true,
        description:
          "The space's own mail server, as `smtp://user:password@host:587` or `smtps://…`; its port is 25, 465, 587 or 2525. " +
          'Only super administrators set it; never shown; null: RINGUP_SMTP_URL or, ' +
          'without it, that of the first space.',
      }),
    ),
    default: null,
    fromFile: 'line',
    superOnly: true,
    check: checkSmtpUrl,
  }),
};

function introduction(language: string) {
  return setting({
    schema: nullable(
      Type.String({
        maxLength: maxIntroductionLength,
        description:
          `The first lines in ${language} of mails with a code, as plain text with \`{name}\`, \`{sip_uri}\`, \`{link}\`, ` +
          '`{valid_until}` and `{space}`; null: a standard sentence.',
      }),
    ),
    default: null,
    fromFile: 'text',
    check: checkIntroduction,
  });
}

function checkTimeZone(name: string): Complaint | undefined {
  // The name must begin with a letter, because offsets such as +02:00 have no summer time.
  return /^[A-Za-z]/.test(name) && isTimeZone(name) ? undefined : aboutValue(name, { code: 'not-a-time-zone' });
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) !== undefined;
  } catch {
    return false;
  }
}

function checkLine(text: string): Complaint | undefined {
  return aboutValue(text, checkCharacters(text));
}

function checkMailbox(text: string): Complaint | undefined {
  return parseMailbox(text) === undefined ? aboutValue(text, { code: 'not-a-mailbox' }) : undefined;
}

function checkIntroduction(text: string): Complaint | undefined {
  const control = checkCharacters(text.replace(/\r?\n/g, ' '));
  if (control !== undefined) return control;
  const [foreign] = foreignPlaceholders(text, introductionFacts);
  return foreign === undefined
    ? undefined
    : { code: 'unknown-placeholder', placeholder: `{${foreign}}`, known: introductionFacts.map((each) => `{${each}}`) };
}

function checkSmtpUrl(text: string): Complaint | undefined {
  const server = parseSmtpUrl(text);
  if (server === undefined) return { code: 'not-an-smtp-url' };
  return smtpPorts.includes(server.port) ? undefined : { code: 'not-an-smtp-port', ports: smtpPorts };
}
