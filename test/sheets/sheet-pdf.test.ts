import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { SheetCard } from '../../src/sheets/sheet-card.ts';
import { sheetPdf } from '../../src/sheets/sheet-pdf.ts';
import { requirePrograms } from '../support/debian.ts';
import { codesIn, darkWidth, type PdfWord, pdfPages, pdfPrograms, pdfText, pdfWords } from '../support/pdf-pages.ts';

const names = [
  'Amélie Dufour-Lacroix',
  'Сергей Иванович Волков',
  'Αικατερίνη Παπαδοπούλου',
  'Łukasz Wójcik',
  'Nguyễn Thị Minh Khai',
  'Heinz-Günther Freiherr von Schlüsselburg-Hohenstein zu Trutz und Treu im Tal',
  'x'.repeat(200),
  'محمد بن عبد الله العمري',
  '</text><script>alert(1)</script> \u202e(evil)',
  'e\u0301',
];

const cards = names.map(
  (name, index): SheetCard => ({
    accountId: index,
    name,
    address: `user${index}@kontor-nord.example`,
    url: `https://phones.kontor-nord.example/provisioning/h3Kd9_sLq0Zb1cVxYpTt4wAb${index}`,
    expiresAt: Date.UTC(2026, 10, 27, 17),
    contactText: 'Marta in the office\n+49 431 555 0199',
    language: index === 1 ? 'fr' : 'en',
    timeZone: 'Europe/Berlin',
  }),
);

suite('a sheet of codes', () => {
  for (const paper of ['A4', 'Letter'] as const) {
    test(`has eight cards on a page of ${paper}, whose codes a reader finds`, async (t) => {
      if (!requirePrograms(t, pdfPrograms)) return;
      const pages = pdfPages(await sheetPdf(cards, { title: 'Codes', paper })).map(codesIn);
      assert.deepEqual(
        pages.map((codes) => codes.length),
        [8, 2],
      );
      assert.deepEqual(pages.flat().sort(), cards.map(({ url }) => url).sort());
    });
  }

  test('has codes of 36 mm, with a margin of four modules', async (t) => {
    if (!requirePrograms(t, pdfPrograms)) return;
    const pdf = await sheetPdf(cards.slice(0, 1), { title: 'Codes', paper: 'A4' });
    const [left, top] = [10, 14.5];
    const width = darkWidth(pdf, { x: left + 1, y: top + 7, width: 45, height: 34 });
    assert.ok(Math.abs(width - 36) < 0.4, `${width} mm`);
  });

  test('writes names in Latin, Greek and Cyrillic letters as they are, and long ones shortened', async (t) => {
    if (!requirePrograms(t, pdfPrograms)) return;
    const text = pdfText(await sheetPdf(cards, { title: 'Codes', paper: 'A4' })).replace(/\s+/g, ' ');
    for (const word of ['Amélie', 'Сергей', 'Волков', 'Αικατερίνη', 'Łukasz', 'Nguyễn', 'Schlüsselburg', 'x…', 'é']) {
      assert.ok(text.includes(word), `${word}: ${text}`);
    }
  });

  test('shows only the address if the font lacks letters of the name', async (t) => {
    if (!requirePrograms(t, pdfPrograms)) return;
    const [arabic] = cards.filter(({ name }) => name.startsWith('محمد'));
    assert.ok(arabic !== undefined);
    const text = pdfText(await sheetPdf([arabic], { title: 'Codes', paper: 'A4' }));
    assert.match(text, /user7@kontor-nord\.example/);
  });

  test('says what to do, until when and whom to ask, in the language of each account', async (t) => {
    if (!requirePrograms(t, pdfPrograms)) return;
    const english = pdfText(await sheetPdf(cards.slice(0, 1), { title: 'Codes', paper: 'A4' })).replace(/\s+/g, ' ');
    assert.match(english, /1\. Install Linphone\. 2\. Choose “Scan QR code”\. 3\. Scan this code\./);
    assert.match(english, /Works once, until Friday,? 27 November 2026 at 18:00/);
    assert.match(english, /Help: Marta in the office, \+49 431 555 0199/);
    const french = pdfText(await sheetPdf(cards.slice(1, 2), { title: 'Codes', paper: 'A4' })).replace(/\s+/g, ' ');
    assert.match(french, /Installez Linphone\./);
  });

  const [first] = cards;
  const long: Partial<SheetCard> = {
    name: 'Heinz-Günther Freiherr von Schlüsselburg-Hohenstein zu Trutz und Treu im Tal der Ahnen',
    address: `${'a'.repeat(36)}@telefone.kontor-nord.example`,
    contactText:
      'Marta Kowalczyk im Büro neben dem Eingang, montags bis freitags von acht bis zwölf und von eins bis vier',
  };
  const wordsOf = async (...differences: readonly Partial<SheetCard>[]): Promise<PdfWord[]> =>
    pdfWords(
      await sheetPdf(
        differences.map((each) => ({ ...(first as SheetCard), ...each })),
        { title: 'C', paper: 'A4' },
      ),
    );
  const textOf = (words: readonly PdfWord[]) => words.map(({ text }) => text).join(' ');

  for (const language of ['en', 'fr'] as const) {
    test(`keeps every text of a full card in ${language} within the card`, async (t) => {
      if (!requirePrograms(t, pdfPrograms)) return;
      const words = await wordsOf(...Array.from({ length: 8 }, () => ({ ...long, language })));
      const [mm, left, top] = [72 / 25.4, 10, 14.5];
      const counts = Array.from({ length: 8 }, () => 0);
      for (const word of words) {
        const column = Math.floor((word.left / mm - left) / 95);
        const row = Math.floor((word.top / mm - top) / 67);
        counts[row * 2 + column] = (counts[row * 2 + column] ?? 0) + 1;
        assert.ok(word.bottom / mm <= top + (row + 1) * 67 - 2, `${word.text} ends below card ${row + 1}`);
        assert.ok(word.right / mm <= left + (column + 1) * 95, word.text);
      }
      assert.equal(new Set(counts).size, 1, `as many words on each card: ${counts}`);
      const [step, validity] = language === 'en' ? ['Scan this code.', 'Works once,'] : ['Scannez ce code.', 'Ne sert'];
      for (const kept of [step, validity, '18:00']) assert.ok(textOf(words).includes(kept), kept);
    });
  }

  test('shortens the help of a full card first, and leaves the name and the address whole', async (t) => {
    if (!requirePrograms(t, pdfPrograms)) return;
    const { contactText = null, ...others } = long;
    const shortened = textOf(await wordsOf({ ...others, name: 'Amélie Dufour-Lacroix von der Heide', contactText }));
    assert.match(shortened, /^Amélie Dufour-Lacroix von der Heide a.* Help: Marta\b.*…$/);
    assert.ok(shortened.replaceAll(' ', '').includes(others.address ?? ''), shortened);
    const whole = textOf(await wordsOf({ contactText }));
    assert.match(whole, /Help: Marta Kowalczyk im Büro neben dem/);
  });
});
