import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { AccountState, StateFacts } from '../../src/accounts/account-state.ts';
import type { Device } from '../../src/devices/device.ts';
import { type MessageFacts, type MessageKey, translator } from '../../src/locale/translate.ts';
import { deviceList } from '../../src/panel/parts/device-list.ts';
import { stateWords } from '../../src/panel/parts/state-words.ts';
import { timeline } from '../../src/panel/parts/timeline.ts';
import { weekdayTime } from '../../src/panel/parts/when.ts';
import { eventOf } from '../support/event.ts';
import { textOf } from '../support/html.ts';

const now = Date.UTC(2026, 2, 5, 15);
const moments = {
  today: Date.UTC(2026, 2, 5, 14, 7),
  yesterday: Date.UTC(2026, 2, 4, 14, 7),
  thisYear: Date.UTC(2026, 0, 3, 14, 7),
  earlier: Date.UTC(2024, 2, 3, 14, 7),
};
const fr = { language: 'fr', timeZone: 'UTC', prefix: '', t: translator('fr') } as const;

/** Returns the text at each of the moments, with ordinary spaces. */
function atEach(htmlAt: (at: number) => string): Record<keyof typeof moments, string> {
  const text = (at: number) => textOf(htmlAt(at)).replace(/\s+/g, ' ').trim();
  const { today, yesterday, thisYear, earlier } = moments;
  return { today: text(today), yesterday: text(yesterday), thisYear: text(thisYear), earlier: text(earlier) };
}

function stateAt(state: AccountState, facts: Partial<StateFacts>) {
  const ends = { codeEndsAt: null, codeEndedAt: null };
  const none = { blockedAt: null, failedAt: null, failure: null, usedAt: null, invitedAt: null, ...ends };
  return { state: { ...none, ...facts, state }, devices: { count: 1, lastSeenAt: null } };
}

suite('a French sentence with a moment is right today, yesterday, this year and in other years', () => {
  test('in the timeline, until when a code is valid', () => {
    const sentences = atEach((at) => timeline(fr, [eventOf('token-issued', { detail: { expires_at: at } })], now));
    const beginning = /^.*(?=Un code a été créé)/;
    assert.deepEqual(
      Object.values(sentences).map((each) => each.replace(beginning, '')),
      [
        'Un code a été créé, valable jusqu’au 5 mars, 14:07.',
        'Un code a été créé, valable jusqu’au 4 mars, 14:07.',
        'Un code a été créé, valable jusqu’au 3 janv., 14:07.',
        'Un code a été créé, valable jusqu’au 3 mars 2024, 14:07.',
      ],
    );
  });

  test('in the timeline, until when something was repeated', () => {
    const sentences = atEach((at) => timeline(fr, [eventOf('code-shown', { count: 3, lastAt: at })], now));
    assert.match(sentences.today, /\b3 fois jusqu’au 5 mars, 14:07$/);
    assert.match(sentences.earlier, /\b3 fois jusqu’au 3 mars 2024, 14:07$/);
  });

  test('in the list, about the state of an account', () => {
    assert.deepEqual(
      atEach((at) => stateWords(fr, stateAt('blocked', { blockedAt: at }), now)),
      {
        today: 'Bloqué aujourd’hui 14:07',
        yesterday: 'Bloqué hier 14:07',
        thisYear: 'Bloqué 3 janvier',
        earlier: 'Bloqué 3 mars 2024',
      },
    );
    assert.deepEqual(
      atEach((at) => stateWords(fr, stateAt('active', { usedAt: at }), now)),
      {
        today: 'Configuré code utilisé : aujourd’hui 14:07',
        yesterday: 'Configuré code utilisé : hier 14:07',
        thisYear: 'Configuré code utilisé : 3 janvier',
        earlier: 'Configuré code utilisé : 3 mars 2024',
      },
    );
    const seen = (at: number) => ({ ...stateAt('active', {}), devices: { count: 1, lastSeenAt: at } });
    const ended = (at: number) => stateAt('never', { codeEndedAt: at });
    assert.equal(atEach((at) => stateWords(fr, seen(at), now)).thisYear, 'Configuré vu : 3 janvier');
    assert.equal(atEach((at) => stateWords(fr, ended(at), now)).thisYear, 'Jamais configuré fin du code : 3 janvier');
  });

  test('among the phones', () => {
    const device = { id: 1, name: 'Pixel', address: '192.0.2.7', revokedAt: null, endedAt: null };
    const listed = (each: object) =>
      deviceList(fr, { rows: [each as Device], more: false }, { path: '/account/devices', place: '' }, now);
    const open = atEach((at) => listed({ ...device, firstSeenAt: at, lastSeenAt: at }));
    assert.match(open.today, /Configuré : 14:07 · vu : 14:07, 192/);
    assert.match(open.thisYear, /Configuré : 3 janv\., 14:07 · vu : 3 janv\., 14:07, 192/);
    const revoked = atEach((at) => listed({ ...device, revokedAt: at, endedAt: at }));
    assert.match(revoked.earlier, /Déconnecté : 3 mars 2024, 14:07 · compte retiré : 3 mars 2024, 14:07/);
  });

  test('above a code that is valid for some days', () => {
    const time = textOf(weekdayTime(fr, moments.today));
    assert.equal(fr.t('code.valid.day', { time }), 'Valable jusqu’à jeudi 14:07');
  });
});

suite('a sentence with numbers agrees with them', () => {
  const sentences: readonly (readonly [MessageKey, MessageFacts, en: string, fr: string])[] = [
    ['overview.title', { done: 1, total: 5 }, '1 of 5 is ready to ring', '1 sur 5 est prêt à sonner'],
    ['overview.title', { done: 2, total: 5 }, '2 of 5 are ready to ring', '2 sur 5 sont prêts à sonner'],
    [
      'overview.haveAccount',
      { done: 1, total: 5 },
      '1 of 5 has its account in a phone',
      '1 sur 5 a son compte dans un téléphone',
    ],
    [
      'overview.haveAccount',
      { done: 2, total: 5 },
      '2 of 5 have their account in a phone',
      '2 sur 5 ont leur compte dans un téléphone',
    ],
    ['accounts.news', { done: 0, total: 1 }, '0 of 1 account is set up', '0 compte configuré sur 1'],
    ['accounts.news', { done: 1, total: 5 }, '1 of 5 accounts is set up', '1 compte configuré sur 5'],
    ['accounts.news', { done: 0, total: 5 }, '0 of 5 accounts are set up', '0 compte configuré sur 5'],
    ['import.running', { done: 1, total: 5 }, '1 of 5 rows is in.', '1 ligne sur 5 est enregistrée.'],
    ['import.running', { done: 2, total: 5 }, '2 of 5 rows are in.', '2 lignes sur 5 sont enregistrées.'],
    ['import.count.skipped', { count: 1 }, '1 left as it is', '1 laissé tel quel'],
    [
      'invitations.progress',
      { sent: 1, total: 2, waiting: 1, failed: 0 },
      '1 of 2 sent, 1 waiting',
      '1 sur 2 envoyé, 1 en attente',
    ],
    [
      'event.events-dropped',
      { count: 1, of: 'refused' },
      'One older entry of the kind refused made room for newer ones.',
      'Une entrée plus ancienne de type refused a laissé la place à de plus récentes.',
    ],
    [
      'complaint.beyond-limit',
      { maxAccounts: 1 },
      'The space has room for 1 account only.',
      'L’espace n’accepte que 1 compte.',
    ],
  ];
  for (const [key, facts, english, french] of sentences) {
    test(`${key} with ${Object.values(facts).join(', ')}`, () => {
      assert.equal(translator('en')(key, facts), english);
      assert.equal(translator('fr')(key, facts), french);
    });
  }
});
