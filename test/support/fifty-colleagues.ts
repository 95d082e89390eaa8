/** A colleague in the office's table. */
export interface Colleague {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
}

const firstNames = ['Zoë', 'Jürgen', 'Renée', 'Tomáš', 'Børge', 'Inês', 'François', 'Anaïs', 'Åsa', 'Noël'];
const lastNames = ['O’Brien', 'Dubœuf', 'Müller-Lüdenscheidt', 'Šimek', 'de la Cruz'];

/** Fifty people. Their phone numbers contain spaces, and Windows-1252 has all letters of their names. */
export const fiftyColleagues: readonly Colleague[] = lastNames.flatMap((lastName, row) =>
  firstNames.map((firstName, column) => {
    const digits = String(10 + row * 10 + column);
    return { firstName, lastName, email: `colleague${digits}@firm.example.test`, phone: `+33 6 12 34 56 ${digits}` };
  }),
);

/** The lines of the two wrong rows: a mail address without its `@`, and a rounded number. */
export const wrongLines = { email: 4, phone: 21 } as const;

/** Returns the table as a French spreadsheet program saves it: Windows-1252, semicolons, CR-LF. */
export function savedTable(): Buffer {
  const rows = fiftyColleagues.map(({ firstName, lastName, email, phone }, index) => {
    const line = index + 2;
    const mail = line === wrongLines.email ? email.replace('@', ' ') : email;
    return [firstName, lastName, mail, line === wrongLines.phone ? '3,36E+10' : phone, 'Siège'];
  });
  const text = [['Prénom', 'Nom', 'E-mail', 'Téléphone', 'Groupe'], ...rows].map((cells) => `${cells.join(';')}\r\n`);
  return Buffer.from(
    text.join('').replace(/[’œŠš]/g, (letter) => inWindows1252.get(letter) ?? letter),
    'latin1',
  );
}

/** The characters in which Windows-1252 differs from Latin-1. */
const inWindows1252 = new Map([
  ['’', '\x92'],
  ['œ', '\x9c'],
  ['Š', '\x8a'],
  ['š', '\x9a'],
]);
