import { describe } from 'node:test';
import { lines } from './read-file.ts';
import { readsSource, type Source } from './source.ts';

const utf16 = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le');
const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** A file of each shape that people have, without real people in it. */
const sources: readonly Source[] = [
  {
    name: 'bulk creation of Entra',
    file: lines(
      'version:v1.0',
      'Name [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required,First name [givenName],Last name [surname],Job title [jobTitle],Office phone [telephoneNumber],Mobile phone [mobile]',
      'Example: Chris Green,chris@contoso.com,myPassword1234,No,Chris,Green,IT Manager,+1 425 555 0100,+1 425 555 0101',
      'Chloé Besançon,Chloe.Besancon@kontor.example,Xk2!qqqqqqqq,No,Chloé,Besançon,Sales,+33 1 70 18 99 00,+33 6 01 02 03 04',
    ),
    rows: [
      {
        username: 'chloe.besancon',
        name: 'Chloé Besançon',
        email: 'Chloe.Besancon@kontor.example',
        phone: '+33 6 01 02 03 04',
      },
    ],
    ignored: [
      'Initial password [passwordProfile] Required',
      'Block sign in (Yes/No) [accountEnabled] Required',
      'Job title [jobTitle]',
    ],
  },
  {
    name: 'bulk creation of Entra in German',
    file: lines(
      'version:v1.0',
      'Name [displayName] Erforderlich,Benutzername [userPrincipalName] Erforderlich,Anfängliches Kennwort [passwordProfile] Erforderlich,Mobiltelefon [mobile]',
      'Beispiel: Chris Green,chris@contoso.com,x,',
      'Jörg Müller,joerg@kontor.example,,+49 171 5550142',
    ),
    rows: [{ username: 'joerg', name: 'Jörg Müller', email: 'joerg@kontor.example', phone: '+49 171 5550142' }],
    ignored: ['Anfängliches Kennwort [passwordProfile] Erforderlich'],
  },
  {
    name: 'download of Entra',
    file: lines(
      'userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,accountEnabled,telephoneNumber,mobilePhone',
      'ida@kontor.example,Ida Lund,Lund,ida.lund@kontor.example,Ida,00000000-0000,Member,,True,+45 33 12 34 56,',
      'guest_gmail.com#EXT#@kontor.onmicrosoft.com,Guest,,guest@gmail.com,,00000000-0001,Guest,,True,,',
    ),
    rows: [
      { username: 'ida', name: 'Ida Lund', email: 'ida.lund@kontor.example', phone: '+45 33 12 34 56' },
      { name: 'Guest', email: 'guest@gmail.com' },
    ],
    ignored: ['id', 'userType', 'jobTitle', 'accountEnabled'],
  },
  {
    name: 'Microsoft 365',
    file: lines(
      'User Name,First Name,Last Name,Display Name,Job Title,Department,Office Number,Office Phone,Mobile Phone,Fax,City',
      'max@kontor.example,Max,Weber,Max Weber,,,123,+49 431 555 0142,+49 171 555 0142,+49 431 555 0143,Kiel',
    ),
    rows: [{ username: 'max', name: 'Max Weber', email: 'max@kontor.example', phone: '+49 171 555 0142' }],
    ignored: ['Job Title', 'Office Number', 'Fax', 'City'],
  },
  {
    name: 'Google Workspace',
    file: lines(
      'First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],Recovery Email,Home Secondary Email,Recovery Phone [MUST BE IN THE E.164 FORMAT],Work Phone,Home Phone,Mobile Phone',
      'Łukasz,Wójcik,lukasz@kontor.example,****,,/,x@home.example,y@home.example,+48600000000,+48 22 123 45 67,+48 22 765 43 21,+48 600 100 200',
    ),
    rows: [{ name: 'Łukasz Wójcik', email: 'lukasz@kontor.example', phone: '+48 600 100 200' }],
    ignored: [
      'Org Unit Path [Required]',
      'Recovery Email',
      'Home Secondary Email',
      'Recovery Phone [MUST BE IN THE E.164 FORMAT]',
      'Home Phone',
    ],
  },
  {
    name: 'Get-ADUser of PowerShell',
    file: lines(
      '#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser',
      '"SamAccountName";"DisplayName";"GivenName";"Surname";"EmailAddress";"OfficePhone";"MobilePhone";"Enabled"',
      '"AmelieD";"Dufour, Amélie";"Amélie";"Dufour";"amelie@kontor.example";"+33 1 70 18 99 01";"";"True"',
    ),
    rows: [{ username: 'amelied', name: 'Amélie Dufour', email: 'amelie@kontor.example', phone: '+33 1 70 18 99 01' }],
    ignored: ['Enabled'],
  },
  {
    name: 'csvde',
    file: lines(
      'DN,objectClass,cn,sn,telephoneNumber,givenName,displayName,sAMAccountName,mail,mobile',
      '"CN=Ida Lund,OU=People,DC=kontor,DC=example",user,Ida Lund,Lund,+45 33 12 34 56,Ida,Ida Lund,ida,ida@kontor.example,',
    ),
    rows: [{ username: 'ida', name: 'Ida Lund', email: 'ida@kontor.example', phone: '+45 33 12 34 56' }],
    ignored: ['DN', 'objectClass'],
  },
  {
    name: 'bulk export of FreePBX',
    file: lines(
      'extension,password,name,voicemail,secret,voicemail_enable,voicemail_email',
      '201,,Reception,novm,s3cr3tsecret,no,desk@kontor.example',
    ),
    rows: [{ username: '201', name: 'Reception', email: 'desk@kontor.example', password: 's3cr3tsecret' }],
    ignored: ['voicemail', 'voicemail_enable'],
  },
  {
    name: 'FusionPBX',
    file: lines(
      'extension,number_alias,password,accountcode,effective_caller_id_name,effective_caller_id_number,directory_first_name,directory_last_name',
      '1001,,pa55word55,kontor,Workshop,1001,Karl,Weber',
    ),
    rows: [{ username: '1001', name: 'Workshop', password: 'pa55word55' }],
    ignored: ['number_alias', 'accountcode', 'effective_caller_id_number'],
  },
  {
    name: '3CX, whose names for authentication differ',
    file: lines(
      'Number,FirstName,LastName,EmailAddress,MobileNumber,AuthID,AuthPassword,Role',
      '100,Nora,Berg,nora@kontor.example,+47 912 34 567,kJ8sUq2Lx0,aaaaaaaaaa,users',
      '101,Olaf,Dahl,olaf@kontor.example,,9SdkWm3Qz1,bbbbbbbbbb,users',
    ),
    rows: [
      { username: '100', name: 'Nora Berg', email: 'nora@kontor.example', phone: '+47 912 34 567' },
      { username: '101', name: 'Olaf Dahl', email: 'olaf@kontor.example' },
    ],
    ignored: ['AuthID', 'AuthPassword', 'Role'],
  },
  {
    name: 'Yeastar',
    file: lines(
      'First Name,Last Name,Email Address,Mobile Number,User Password,Extension Number,Registration Name,Registration Password',
      'Nguyễn,Khai,khai@kontor.example,+84 91 234 56 78,webpass,1000,1000,regpass123',
    ),
    rows: [
      {
        username: '1000',
        name: 'Nguyễn Khai',
        email: 'khai@kontor.example',
        phone: '+84 91 234 56 78',
        password: 'regpass123',
      },
    ],
    ignored: ['User Password'],
  },
  {
    name: 'Wazo',
    file: lines(
      'entity_id|firstname|lastname|language|mobile_phone_number|exten|sip_username|sip_secret',
      '1|Chloé|Dupont|fr_FR|+33601020304|1001|chloe|secret12secret',
    ),
    rows: [
      {
        username: 'chloe',
        name: 'Chloé Dupont',
        phone: '+33601020304',
        language: 'fr',
        password: 'secret12secret',
      },
    ],
    ignored: ['entity_id'],
  },
  {
    name: 'the table subscriber of Kamailio',
    file: [
      'id\tusername\tdomain\tpassword\tha1\tha1b\temail_address',
      `1\talice\tsip.example.test\tNULL\t${'ab'.repeat(16)}\t${'cd'.repeat(16)}\tNULL`,
      `2\tbob\tsip.example.test\t\\N\t${'ef'.repeat(32)}\t\\N\tbob@kontor.example`,
      '',
    ].join('\n'),
    rows: [
      { username: 'alice', ha1_md5: 'ab'.repeat(16) },
      { username: 'bob', email: 'bob@kontor.example', ha1_sha256: 'ef'.repeat(32) },
    ],
    ignored: ['id', 'ha1b'],
  },
  {
    name: 'Outlook in French, as Windows-1252',
    file: latin(
      lines(
        'Titre;Prénom;Nom;Société;Adresse de messagerie;Téléphone (bureau);Tél. mobile;Télécopie (bureau)',
        ';Chloé;Besançon;;/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn=chloe;01 70 18 99 00;06 01 02 03 04;',
      ),
    ),
    rows: [{ name: 'Chloé Besançon', phone: '06 01 02 03 04' }],
    ignored: ['Titre', 'Société', 'Télécopie (bureau)'],
  },
  {
    name: 'Outlook in English',
    file: lines(
      '"Title","First Name","Middle Name","Last Name","E-mail Address","E-mail 2 Address","Business Phone","Home Phone","Mobile Phone","Business Fax"',
      '"","Zoë","","O\'Neill","zoe@kontor.example","","+353 1 555 0142","+353 1 555 0143","",""',
    ),
    rows: [{ name: "Zoë O'Neill", email: 'zoe@kontor.example', phone: '+353 1 555 0142' }],
    ignored: ['Title', 'Middle Name', 'E-mail 2 Address', 'Home Phone', 'Business Fax'],
  },
  {
    name: 'Google Contacts',
    file: lines(
      'First Name,Middle Name,Last Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value',
      'Ana,,Souza,"two\r\nlines",* myContacts,* Work,ana@kontor.example ::: ana@home.example,Home,+55 11 5555 0000,* Mobile,+55 11 95555 0142',
    ),
    rows: [{ name: 'Ana Souza', email: 'ana@kontor.example', phone: '+55 11 95555 0142' }],
    ignored: ['Middle Name', 'Notes', 'Labels', 'E-mail 1 - Label'],
  },
  {
    name: 'older Google Contacts in UTF-16',
    file: utf16(
      lines(
        'Name\tGiven Name\tFamily Name\tE-mail 1 - Type\tE-mail 1 - Value\tPhone 1 - Type\tPhone 1 - Value',
        'Ólafur Jónsson\tÓlafur\tJónsson\t* \tolafur@kontor.example\tWork\t+354 555 0142',
      ),
    ),
    rows: [{ name: 'Ólafur Jónsson', email: 'olafur@kontor.example', phone: '+354 555 0142' }],
    ignored: ['E-mail 1 - Type'],
  },
  {
    name: 'an address book of Yealink',
    file: lines('display_name,office_number,mobile_number', 'Reception,+49 431 555 0100,', 'Nora,,+49 171 555 0101'),
    rows: [
      { name: 'Reception', phone: '+49 431 555 0100' },
      { name: 'Nora', phone: '+49 171 555 0101' },
    ],
    ignored: [],
  },
  {
    name: 'an address book of Fanvil',
    file: lines('name,work,mobile,other', 'Reception,+49 431 555 0100,,99'),
    rows: [{ name: 'Reception', phone: '+49 431 555 0100' }],
    ignored: ['other'],
  },
  {
    name: 'a script for Nextcloud',
    file: lines('username;displayname;password;email;groups;quota', 'ida;Ida Lund;;ida@kontor.example;sales,all;5 GB'),
    rows: [{ username: 'ida', name: 'Ida Lund', email: 'ida@kontor.example' }],
    ignored: ['groups', 'quota'],
  },
];

describe('the import', () => {
  for (const source of sources) readsSource(source);
});
