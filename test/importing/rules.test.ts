import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { lines, readFile } from './read-file.ts';

const only = (...each: readonly string[]) => {
  const { rows } = readFile(lines(...each));
  assert.equal(rows.length, 1);
  return rows[0] ?? assert.fail();
};

const refusals: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  spreadsheet: [Buffer.from('PK\u0003\u0004rest'), Buffer.from('PK\u0005\u0006')],
  'old-spreadsheet': [Buffer.from('d0cf11e0a1b11ae1', 'hex')],
  pdf: ['%PDF-1.7'],
  ldif: ['dn: cn=alice\n', 'version: 1\ndn: cn=alice\n', '\n dn:: Y249YQ==\n'],
  vcard: ['BEGIN:VCARD\r\nVERSION:3.0\r\n', '\ufeffBEGIN:VCARD'],
  configuration: ['[general]\ncontext=default\n', '; comment\n[100](phone)\ntype=friend\n', 'exten => 1,1,Answer\n'],
  sql: [
    'INSERT INTO users VALUES (1);',
    '-- MySQL dump 10.13\n',
    '/*!40101 SET NAMES utf8 */;\n',
    '# x\nINSERT INTO a',
  ],
  json: ['{"users": []}', '[{"username": "a"}]', '[\n  {"a": 1}]'],
  markup: ['<?xml version="1.0"?>', '<html>', '  <users>'],
  binary: ['SQLite format 3\0\u0010\0\u0001\u0001\0@  \0\0\0\u0006\0\0\0 ', '\u2030PNG\r\n\u001a\n\0\0\0\rIHDR'],
  empty: ['', '\r\n \r\n', '# a comment\n'.repeat(1_000)],
  'late-header': [
    `${'# a comment\n'.repeat(1_001)}username\nalice\n`,
    `${`# ${'x'.repeat(3_000)}\n`.repeat(40)}username\nalice\n`,
  ],
  'unknown-columns': ['apples,pears\n1,2\n', 'alice\nbob\n'],
  'column-twice': ['username,email,E-Mail\na,a@x.example,b@x.example\n'],
  'unclosed-quote': ['username,name\na,"Ann\nb,Bob\n'],
};

describe('files that an import refuses', () => {
  for (const [why, files] of Object.entries(refusals)) {
    for (const file of files) {
      test(`an import refuses a whole file as ${why}: ${JSON.stringify(String(file).slice(0, 40))}`, () => {
        assert.throws(
          () => readFile(file),
          (error) => error instanceof AppError && error.factsOf('import-refused')?.why === why,
        );
      });
    }
  }
});

describe('files that an import reads', () => {
  const expected = [
    { username: 'ida', name: 'Ida Lund' },
    { username: 'max', name: 'Max "M" Weber' },
  ];
  const table = (separator: string, end: string) =>
    [`username${separator}name`, `ida${separator}Ida Lund`, `max${separator}"Max ""M"" Weber"`, ''].join(end);
  for (const separator of [',', ';', '\t', '|']) {
    for (const end of ['\r\n', '\n', '\r']) {
      test(`an import reads cells between ${JSON.stringify(separator)} in lines that end in ${JSON.stringify(end)}`, () => {
        const { rows, format } = readFile(table(separator, end));
        assert.deepEqual(
          rows.map(({ fields }) => fields),
          expected,
        );
        assert.deepEqual(
          rows.map(({ line }) => line),
          [2, 3],
        );
        assert.equal(format.separator, separator);
      });
    }
  }

  for (const [group, note, language] of [
    ['Groupe', 'Remarque', 'Langue'],
    ['Gruppe', 'Bemerkung', 'Sprache'],
    ['Grupo', 'Nota', 'Idioma'],
  ] as const) {
    test(`an import reads the columns ${group}, ${note} and ${language}`, () => {
      const { rows, ignored } = readFile(lines(`username;${group};${note};${language}`, 'ida;Sales;New;fr'));
      assert.deepEqual(rows[0]?.fields, { username: 'ida', group: 'Sales', note: 'New', language: 'fr' });
      assert.deepEqual(ignored, []);
    });
  }

  const encodings: readonly (readonly [string, Uint8Array])[] = [
    ['utf-8', Buffer.from('username,name\nchloe,Chloé\n')],
    ['utf-8', Buffer.from('\ufeffusername,name\nchloe,Chloé\n')],
    ['utf-16le', Buffer.from('\ufeffusername,name\nchloe,Chloé\n', 'utf16le')],
    ['utf-16le', Buffer.from('username,name\nchloe,Chloé\n', 'utf16le')],
    ['utf-16be', Buffer.from('\ufeffusername,name\nchloe,Chloé\n', 'utf16le').swap16()],
    ['windows-1252', Buffer.from('username,name\nchloe,Chloé\n', 'latin1')],
  ];
  for (const [encoding, bytes] of encodings) {
    test(`an import reads ${encoding} that begins with ${Buffer.from(bytes.subarray(0, 3)).toString('hex')}`, () => {
      const { rows, format } = readFile(bytes);
      assert.deepEqual(rows[0]?.fields, { username: 'chloe', name: 'Chloé' });
      assert.equal(format.encoding, encoding);
    });
  }

  test('an import uses the separator that the first line declares', () => {
    assert.deepEqual(only('sep=;', 'username;name', 'ida;Lund, Ida').fields, { username: 'ida', name: 'Ida Lund' });
  });

  test('an import reads a table in which each line is one quoted cell', () => {
    const { rows } = readFile(lines('"username,name,note"', '"ida,""Lund, Ida"",x"'));
    assert.deepEqual(rows[0]?.fields, { username: 'ida', name: 'Ida Lund', note: 'x' });
  });

  test('an import reads a row over several lines, and says where each row begins', () => {
    const { rows } = readFile('username,note\r\na,"one\r\ntwo\r\nthree"\r\n\r\nb,x\r\n');
    assert.deepEqual(
      rows.map(({ line }) => line),
      [2, 6],
    );
  });

  test('an import reads a header in a comment, and leaves other comments out', () => {
    const file = lines('# exported today', '#username,name', '# a remark,', 'ida,Ida');
    assert.deepEqual(
      readFile(file).rows.map(({ fields }) => fields),
      [{ username: 'ida', name: 'Ida' }],
    );
  });
});

describe('rows that an import leaves out', () => {
  const rows = ['', ',,,', ' , ,\u00a0,', '#x,y', 'version:v1.0', 'Username,NAME,E-Mail,n', 'Example: Ida,,,'];
  const totals = ['Total,3,,', 'Summe: ,,,', 'COUNT,3,4,5', 'Beispiel,a,b,c', 'Exemple Ida,,,'];
  for (const row of [...rows, ...totals]) {
    test(`an import leaves out the row ${JSON.stringify(row)}`, () => {
      assert.equal(readFile(lines('username,name,e-mail,n', 'ida,Ida,,', row)).rows.length, 1);
    });
  }

  test('an import keeps an account whose name looks like a total or an example', () => {
    assert.equal(readFile(lines('username,name', 'total,Anna Total', 'exemple@x.example,E')).rows.length, 2);
  });
});

describe('cells that an import cleans', () => {
  const cleaned: Readonly<Record<string, string>> = {
    '\u202a+49 431 555 0142\u202c': '+49 431 555 0142',
    '\u00a0+49 431 555 0142\u200b': '+49 431 555 0142',
    "'+494315550142": '+494315550142',
    'tel:+494315550142': '+494315550142',
    NULL: '',
    '\\N': '',
  };
  for (const [cell, phone] of Object.entries(cleaned)) {
    test(`an import cleans the number ${JSON.stringify(cell)}`, () => {
      assert.equal(only('username,phone', `ida,${cell}`).fields.phone ?? '', phone);
    });
  }

  const usernames: Readonly<Record<string, string>> = {
    'Ida.Lund': 'ida.lund',
    '\ufeffida\u200b': 'ida',
    'ida@kontor.example': 'ida',
    '201.0': '201',
    '0105': '0105',
  };
  for (const [cell, username] of Object.entries(usernames)) {
    test(`an import cleans the user name ${JSON.stringify(cell)}`, () => {
      assert.equal(only('username,email', `${cell},`).fields.username, username);
    });
  }

  const names: Readonly<Record<string, string>> = {
    '"Dupont, Chloé"': 'Chloé Dupont',
    '"Weber, Jr."': 'Weber, Jr.',
    '"Kontor Nord, GmbH"': 'Kontor Nord, GmbH',
    'Chloe\u0301': 'Chloé',
    'Ida\u00a0\u00a0Lund': 'Ida Lund',
    '"Ida\nLund"': 'Ida Lund',
    "''t Hart": "'t Hart",
    Null: 'Null',
  };
  for (const [cell, name] of Object.entries(names)) {
    test(`an import cleans the name ${JSON.stringify(cell)}`, () => {
      assert.equal(only('username,name', `ida,${cell}`).fields.name, name);
    });
  }

  for (const column of ['note', 'group']) {
    const texts: Readonly<Record<string, string>> = {
      '"Reception\r\n2nd floor"': 'Reception 2nd floor',
      '"Reception\n\n 2nd  floor\n"': 'Reception 2nd  floor',
      '"Reception\t2nd\u2028floor"': 'Reception 2nd floor',
    };
    for (const [cell, text] of Object.entries(texts)) {
      test(`an import makes one line of the ${column} ${JSON.stringify(cell)}`, () => {
        assert.equal(only(`username,${column}`, `ida,${cell}`).fields[column as 'note'], text);
      });
    }
  }

  for (const hidden of ['****', '••••••', 'NULL']) {
    test(`an import ignores the hidden password ${hidden}`, () => {
      assert.equal(only('username,password', `ida,${hidden}`).fields.password, undefined);
    });
  }

  test('an import understands a language with its country, and words for yes and no', () => {
    const { fields } = only('username,language,admin,activated', 'ida,fr_FR,Nein,Oui');
    assert.deepEqual(fields, { username: 'ida', language: 'fr', admin: false, activated: true });
  });
});

describe('mistakes that an import finds', () => {
  const realm = 'sip.example.test';
  const wrong: readonly (readonly [header: string, row: string, expected: readonly string[]])[] = [
    ['username,phone', 'ida,"3,36E+10"', ['phone: rounded-by-spreadsheet']],
    ['username,phone', 'ida,3.36E+10', ['phone: rounded-by-spreadsheet']],
    ['username,phone', 'ida,+49 431 555 0142 ext. 12', ['phone: with-extension']],
    ['username,phone', 'ida,+49 431 555 0142x12', ['phone: with-extension']],
    ['username,phone', 'ida,201', ['phone: an-extension']],
    ['username,email', 'ida,"a@x.example;b@x.example"', ['email: several-addresses']],
    ['username,email', 'ida,"jb@kontor,example"', ['email: comma-in-address']],
    ['username,name', 'chloe,Chlo?', ['name: letters-lost']],
    ['username,name', 'chloe,Fran?ois', ['name: letters-lost']],
    ['username,name', 'chloe,ChloÃ©', ['name: letters-lost']],
    ['username,name', 'chloe,Chlo\ufffd', ['name: letters-lost']],
    ['username,name', "chloe,X'43686cc3a9'", ['name: hex-cell']],
    ['username,domain', 'ida,other.example', ['domain: other-domain']],
    ['username,admin', 'ida,maybe', ['admin: not-yes-or-no']],
    ['username,name', 'ida,Ida,more', [': more-cells']],
    [
      'email,password,Password Hash Function',
      'a@x.example,0123456789abcdef,SHA-1',
      ['password: hash-of-another-service'],
    ],
    ['username,password,ha1_md5', `ida,secret,${'0'.repeat(32)}`, ['ha1_md5: of-another-password']],
    ['username,password,ha1_md5', `ida,secret,${computeHa1('MD5', 'ida', realm, 'secret')}`, []],
    [
      'username,name,phone,email',
      'ida,Chlo?,201,"a@x,example"',
      ['name: letters-lost', 'email: comma-in-address', 'phone: an-extension'],
    ],
  ];
  for (const [header, row, expected] of wrong) {
    test(`an import finds ${expected.join(' and ') || 'no mistake'} in ${row} under ${header}`, () => {
      assert.deepEqual(only(header, row).wrong, expected);
    });
  }
});

describe('columns that an import recognizes from the whole file', () => {
  const plainWords = ['User', 'Benutzer', 'Anwender', 'Utilisateur', 'Usuario', 'Utente', 'Gebruiker', 'Utilizador'];
  const extensions = ['Nebenstelle', 'Durchwahl', 'Poste', 'Extensión', 'Interno', 'Toestel', 'Nebenstellen-Nummer'];
  for (const heading of [...plainWords, ...extensions, "Nom d'utilisateur", 'Nome utente', 'Gebruikersnaam']) {
    test(`a column ${heading} has the user names, unless the table has a better one`, () => {
      assert.deepEqual(only(`name,${heading}`, 'Ida,201').fields, { username: '201', name: 'Ida' });
      assert.equal(only(`${heading},username`, '201,ida').fields.username, 'ida');
      assert.deepEqual(readFile(lines(`${heading},username`, '201,ida')).ignored, []);
    });
  }

  for (const heading of plainWords) {
    test(`a column ${heading} with full names has the names`, () => {
      const file = lines(`${heading},email`, 'Ida Lund,ida@x.example', 'max,max@x.example');
      assert.deepEqual(
        readFile(file).rows.map(({ fields }) => fields),
        [
          { name: 'Ida Lund', email: 'ida@x.example' },
          { name: 'max', email: 'max@x.example' },
        ],
      );
      assert.deepEqual(only(`first name,last name,${heading}`, 'Ida,Lund,Lund Ida').fields, { name: 'Ida Lund' });
    });
  }

  test('a column of words has no user names, even if it is called like one of extensions', () => {
    const { rows, ignored } = readFile(lines('Nom complet,Poste,Interno', 'Ida Lund,Comptable,no'));
    assert.deepEqual(rows[0]?.fields, { name: 'Ida Lund' });
    assert.deepEqual(ignored, ['Poste', 'Interno']);
  });

  test('a column of short numbers has the user names, and one of long numbers the phone numbers', () => {
    assert.deepEqual(only('number,name', '201,Ida').fields, { username: '201', name: 'Ida' });
    assert.deepEqual(only('number,name', '+494315550142,Ida').fields, { phone: '+494315550142', name: 'Ida' });
  });

  test('a column called name or nom has last names only beside a column of first names', () => {
    assert.equal(only('name,vorname', 'Weber,Max').fields.name, 'Max Weber');
    assert.equal(only('nom,prénom', 'Weber,Max').fields.name, 'Max Weber');
    assert.equal(only('nom,username', 'Max Weber,max').fields.name, 'Max Weber');
    assert.equal(only('nombre,apellidos', 'Ana,Souza').fields.name, 'Ana Souza');
    assert.equal(only('name,first name,last name', 'The Boss,Max,Weber').fields.name, 'The Boss');
  });

  test('a number in several rows, such as that of the office, belongs to no account', () => {
    const { rows } = readFile(
      lines('username,office phone', 'a,+49 431 555-0', 'b,+49 (431) 5550', 'c,+49 431 555 17 18'),
    );
    assert.deepEqual(
      rows.map(({ fields }) => fields.phone),
      [undefined, undefined, '+49 431 555 17 18'],
    );
  });

  test('empty cells at the end of all rows are not columns', () => {
    assert.deepEqual(
      readFile(lines('username,name', 'a,A,,', 'b,B,,')).rows.map(({ wrong }) => wrong),
      [[], []],
    );
    assert.deepEqual(
      readFile(lines('username,name', 'a,A,', 'b,B')).rows.map(({ wrong }) => wrong),
      [[': more-cells'], []],
    );
  });

  test('the best of several columns counts, and only the unknown ones are listed', () => {
    const { rows, ignored } = readFile(
      lines('login,extension,secret,password,mail,voicemail_email,,shoe size', 'ida,201,sip,web,,v@x.example,,38'),
    );
    assert.deepEqual(rows[0]?.fields, { username: 'ida', password: 'sip', email: 'v@x.example' });
    assert.deepEqual(ignored, ['shoe size']);
  });
});
