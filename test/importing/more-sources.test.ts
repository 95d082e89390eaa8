import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lines, readFile } from './read-file.ts';
import { readsSource, type Source } from './source.ts';

const withMark = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`);
const utf16be = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const ida = { name: 'Ida Lund', email: 'ida@kontor.example', phone: '+45 31 12 34 56' };

/** Shapes of files beside those of the best known programs, without real people in them. */
const sources: readonly Source[] = [
  {
    name: 'Zoho People',
    file: lines(
      'Employee ID,First Name,Last Name,Email ID,Department,Designation,Work phone number,Mobile Phone,Employee Status',
      'K7,Ida,Lund,ida@kontor.example,Sales,Agent,+45 33 12 34 56,+45 31 12 34 56,Active',
    ),
    rows: [{ ...ida, group: 'Sales' }],
    ignored: ['Employee ID', 'Designation', 'Employee Status'],
  },
  {
    name: 'BambooHR',
    file: lines(
      'Employee #,First Name,Last Name,Work Email,Home Email,Work Phone,Mobile Phone,Department,Hire Date',
      '7,Ida,Lund,ida@kontor.example,x@home.example,,+45 31 12 34 56,Sales,2020-01-01',
    ),
    rows: [{ ...ida, group: 'Sales' }],
    ignored: ['Employee #', 'Home Email', 'Hire Date'],
  },
  {
    name: 'Okta',
    file: lines(
      'login,firstName,lastName,email,secondEmail,mobilePhone,primaryPhone,department,status',
      'ida@kontor.example,Ida,Lund,ida@kontor.example,,+45 31 12 34 56,,Sales,ACTIVE',
    ),
    rows: [{ username: 'ida', ...ida, group: 'Sales' }],
    ignored: ['secondEmail', 'status'],
  },
  {
    name: 'the extensions of a Grandstream UCM',
    file: lines(
      'Extension,Technology,Enable Voicemail,CallerID Number,SIP/IAX Password,Voicemail Password,AuthID,First Name,Last Name,Email Address,User Password,Mobile Phone Number',
      '1001,SIP,yes,4933120000,s3cr3tsecret,1234,1001,Ida,Lund,ida@kontor.example,web,+45 31 12 34 56',
    ),
    rows: [{ username: '1001', ...ida, password: 's3cr3tsecret' }],
    ignored: ['Technology', 'Enable Voicemail', 'CallerID Number', 'Voicemail Password', 'User Password'],
  },
  {
    name: 'the whole address book of a Yealink phone',
    file: lines(
      'display_name,office_number,mobile_number,other_number,line,ring,auto_divert,priority,group_id_name',
      'Ida Lund,,+45 31 12 34 56,,Auto,Auto,,,All Contacts',
    ),
    rows: [{ name: 'Ida Lund', phone: '+45 31 12 34 56' }],
    ignored: ['other_number', 'line', 'ring', 'auto_divert', 'priority', 'group_id_name'],
  },
  {
    name: 'Thunderbird in German',
    file: lines(
      'Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Tel. dienstlich,Tel. privat,Fax-Nummer,Mobil-Tel.-Nr.,Abteilung',
      'Ida,Lund,Ida Lund,,ida@kontor.example,,+45 33 12 34 56,+45 44 12 34 56,,+45 31 12 34 56,Verkauf',
    ),
    rows: [{ ...ida, group: 'Verkauf' }],
    ignored: ['Spitzname', 'Sekundäre E-Mail-Adresse', 'Tel. privat', 'Fax-Nummer'],
  },
  {
    name: 'Thunderbird in French, separated by tabs',
    file: lines(
      'Prénom\tNom de famille\tNom à afficher\tSurnom\tPremière adresse électronique\tTél. professionnel\tTél. personnel\tPortable\tService',
      'Ida\tLund\tIda Lund\t\tida@kontor.example\t\t+45 44 12 34 56\t+45 31 12 34 56\tVentes',
    ),
    rows: [{ ...ida, group: 'Ventes' }],
    ignored: ['Surnom', 'Tél. personnel'],
  },
  {
    name: 'Outlook in German, as Windows-1252',
    file: latin(
      lines(
        '"Anrede","Vorname","Weitere Vornamen","Nachname","Firma","Abteilung","Telefon geschäftlich","Telefon privat","Mobiltelefon","Fax geschäftlich","E-Mail-Adresse","E-Mail-Typ","E-Mail: Angezeigter Name"',
        '"","Jörg","","Müller","","Einkauf","+49 431 555 0142","","+49 171 555 0142","","joerg@kontor.example","SMTP","Jörg"',
      ),
    ),
    rows: [{ name: 'Jörg Müller', email: 'joerg@kontor.example', phone: '+49 171 555 0142', group: 'Einkauf' }],
    ignored: [
      'Anrede',
      'Weitere Vornamen',
      'Firma',
      'Telefon privat',
      'Fax geschäftlich',
      'E-Mail-Typ',
      'E-Mail: Angezeigter Name',
    ],
  },
  {
    name: 'Outlook in French, with its department',
    file: withMark(
      lines(
        'Prénom;Deuxième prénom;Nom;Société;Service;Téléphone (bureau);Téléphone (domicile);Tél. mobile;Adresse de messagerie;Type de messagerie',
        'Chloé;;Besançon;;Achats;;01 70 18 99 00;06 01 02 03 04;chloe@kontor.example;SMTP',
      ),
    ),
    rows: [{ name: 'Chloé Besançon', email: 'chloe@kontor.example', phone: '06 01 02 03 04', group: 'Achats' }],
    ignored: ['Deuxième prénom', 'Société', 'Téléphone (domicile)', 'Type de messagerie'],
  },
  {
    name: 'a search in a directory, converted from LDIF',
    file: lines(
      'dn,uid,cn,sn,givenName,mail,telephoneNumber,mobile,departmentNumber,objectClass',
      '"uid=ida,ou=people,dc=kontor,dc=example",ida,Ida Lund,Lund,Ida,ida@kontor.example,,+45 31 12 34 56,12,inetOrgPerson',
    ),
    rows: [{ username: 'ida', ...ida }],
    ignored: ['dn', 'departmentNumber', 'objectClass'],
  },
  {
    name: 'a spreadsheet with semicolons behind a mark of UTF-8',
    file: withMark(
      lines('Nachname, Vorname;Mailadresse;Handynummer;Bereich', 'Lund, Ida;ida@kontor.example;+45 31 12 34 56;'),
    ),
    rows: [ida],
    ignored: [],
  },
  {
    name: 'a spreadsheet in UTF-16, the other way round, with semicolons',
    file: utf16be(lines('Benutzername;Vor- und Nachname;Rufnummer', 'ida;Ida Lund;+45 31 12 34 56')),
    rows: [{ username: 'ida', name: 'Ida Lund', phone: '+45 31 12 34 56' }],
    ignored: [],
  },
  {
    name: 'cells pasted from a spreadsheet, one of them over two lines',
    file: 'Nombre y apellidos\tCorreo\tCelular\tNota\tDepartamento\nIda Lund\tida@kontor.example\t+45 31 12 34 56\t"floor 2\nroom 7"\tVentas\n\t\t\t\t\n',
    rows: [{ ...ida, note: 'floor 2 room 7', group: 'Ventas' }],
    ignored: [],
  },
  {
    name: 'a list of the staff in French, in capitals, with blank lines',
    file: lines(
      '',
      'NOM ;PRÉNOM ;TÉL. PORTABLE;COURRIEL ;ÉQUIPE',
      '',
      ' LUND;Ida ; +45 31 12 34 56;ida@kontor.example ;A',
    ),
    rows: [{ ...ida, name: 'Ida LUND', group: 'A' }],
    ignored: [],
  },
];

describe('the import of more sources', () => {
  for (const source of sources) readsSource(source);

  for (const name of [
    'Group',
    'Gruppe',
    'Groupe',
    'Grupo',
    'Abteilung',
    'Department',
    'Département',
    'Service',
    'Team',
  ]) {
    test(`reads the group of an account in a column ${name}`, () => {
      assert.equal(readFile(lines(`username,${name}`, 'ida,Sales')).rows[0]?.fields.group, 'Sales');
    });
  }

  test('refuses the address book of a FritzBox, because it is XML', () => {
    const book = '<?xml version="1.0" encoding="utf-8"?>\n<phonebooks><phonebook name="Telefonbuch"><contact>';
    assert.throws(() => readFile(book), /This is XML/);
  });
});
