import { IntlMessageFormat } from 'intl-messageformat';
import { isLanguage, type Language, languages } from '../lib/languages.ts';
import en from './en.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };

export { isLanguage, type Language, languages };

/** The name of a text in the message catalogues. */
export type MessageKey = keyof typeof en;
export type MessageFacts = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, facts?: MessageFacts) => string;

const catalogues = { en, fr } as const satisfies Record<Language, Readonly<Record<MessageKey, string>>>;

/** Returns whether the message catalogues contain this name. */
export function isMessageKey(text: string): text is MessageKey {
  return Object.hasOwn(en, text);
}

/** Returns the function that translates to a language. Inserted values are not escaped for HTML. */
export function translator(language: Language): Translate {
  return translators[language];
}

const translators = Object.fromEntries(languages.map((language) => [language, makeTranslator(language)])) as Readonly<
  Record<Language, Translate>
>;

function makeTranslator(language: Language): Translate {
  const parsed = new Map<MessageKey, IntlMessageFormat>();
  return (key, facts) => {
    let message = parsed.get(key);
    if (message === undefined) {
      message = new IntlMessageFormat(catalogues[language][key], language, undefined, { ignoreTag: true });
      parsed.set(key, message);
    }
    return String(message.format(facts));
  };
}
