/** Our columns, as `--template` lists them and complaints name them. */
export const importColumns = [
  'username',
  'name',
  'first_name',
  'last_name',
  'email',
  'phone',
  'language',
  'note',
  'group',
  'password',
  'algorithm',
  'ha1_md5',
  'ha1_sha256',
  'admin',
  'activated',
  'external_username',
  'external_domain',
  'external_password',
  'external_registrar',
] as const;

export type ImportColumn = (typeof importColumns)[number];

/**
 * The meanings that a person gave to columns, by their positions. They take precedence over the names of the columns.
 */
export type AssignedColumns = Readonly<Record<number, ImportColumn | 'none'>>;

/** Kinds of known columns that an import does not use, or uses only to interpret others. */
type HelperColumn = 'domain' | 'ha1' | 'auth_name' | 'phone_label' | 'password_hash' | 'unneeded';

export type ColumnKind = ImportColumn | HelperColumn;

/** Possible names of each kind of column, folded to letters and digits, the best first. */
type Names = Readonly<Partial<Record<ColumnKind, readonly string[]>>>;

const words = (text: string): string[] => text.split(' ');

/** If several columns could have the same meaning, the one whose name comes first in this list is used. */
const listed: Names = {
  username: [
    ...words('username login loginname sipusername sipuser uid samaccountname identifiant nomdutilisateur'),
    ...words('benutzername anmeldename nombredeusuario benutzerkennung logonname sipuserid'),
    ...words('nomutilisateur nombreusuario nomeutente gebruikersnaam inlognaam nomedeusuario nomedeutilizador'),
    ...words('extension ext exten extensionnumber userextension poste numerodeposte nebenstelle durchwahl'),
    ...words('nebenstellennummer durchwahlnummer numerodeextension numerointerno interno toestelnummer toestel'),
    ...words('anexo ramal'),
    'number',
    'userprincipalname',
    ...words('user benutzer anwender utilisateur usuario utente gebruiker utilizador'),
  ],
  name: [
    ...words('name displayname fullname nomcomplet nomaafficher anzeigename nombrecompleto cn effectivecalleridname'),
    ...words('lastnamefirstname nomprenom nometprenom prenometnom nachnamevorname namevorname vorundnachname'),
    ...words('vornamenachname nombreyapellidos apellidosynombre nom nombre'),
  ],
  first_name: words('firstname givenname fname prenom vorname directoryfirstname'),
  last_name: words('lastname surname sn familyname lname nomdefamille nachname apellidos directorylastname'),
  email: [
    ...words('email mail emailaddress primaryemail email1value courriel adresseemail adressemail adressedemessagerie'),
    ...words('emailadresse correo correoelectronico workemail businessemail emailid mailadresse emailprofessionnel'),
    ...words('adresseelectronique premiereadresseelectronique mel emailgeschaftlich primareemailadresse'),
    ...words('direcciondecorreoelectronico voicemailemail vmemailaddress'),
  ],
  phone: [
    ...words('phone phonenumber telephone tel telefon telefonnummer telefono primaryphone telnr telefonnr rufnummer'),
    ...words('numerodetelephone numerodetelefono'),
    ...words('mobile mobilephone mobilenumber mobilephonenumber cell cellphone portable telmobile telephonemobile'),
    ...words('mobiltelefon mobil handy movil telefonomovil mobileno mobilnummer mobiltelnr handynummer gsm natel'),
    ...words('telportable telephoneportable numerodeportable celular'),
    ...words('telephonenumber officephone workphone businessphone work telephonebureau telefongeschaftlich'),
    ...words('telefonodeltrabajo workphonenumber businessphonenumber telbureau telprofessionnel'),
    ...words('telephoneprofessionnel telefongeschaftl teldienstlich telefondienstlich officenumber'),
  ],
  language: words('language langue sprache idioma'),
  password: [
    ...words('secret sipsecret sippassword sipiaxpassword phonepassword registrationpassword authpassword'),
    ...words('password motdepasse passwort kennwort contrasena'),
  ],
  note: words('note remarque notiz bemerkung nota'),
  group: words(
    'group groupe gruppe grupo department dept departement abteilung service departamento team equipe equipo bereich',
  ),
  algorithm: ['algorithm'],
  ha1_md5: ['ha1md5'],
  ha1_sha256: ['ha1sha256'],
  admin: ['admin'],
  activated: ['activated'],
  external_username: ['externalusername'],
  external_domain: ['externaldomain'],
  external_password: ['externalpassword'],
  external_registrar: ['externalregistrar'],
  domain: ['domain'],
  ha1: ['ha1'],
  auth_name: words('authid authname registrationname'),
  password_hash: ['passwordhashfunction'],
};

const kindsByName: ReadonlyMap<string, ColumnKind> = new Map(
  Object.entries(listed).flatMap(([kind, names]) => names.map((name) => [name, kind as ColumnKind] as const)),
);

/** The first names for mobile and office phones in the table above. */
export const firstMobileName = 'mobile';
export const firstOfficeName = 'telephonenumber';

/**
 * Names that do not only mean an extension: *poste* is also a job, *interno* also a trainee. They count as extensions
 * only if their cells are short numbers.
 */
export const looseExtensions: ReadonlySet<string> = new Set(words('poste interno toestel anexo ramal'));
/** Names that are also used for full names. They count as user names only if their cells are words in ASCII. */
export const looseUsers: ReadonlySet<string> = new Set(
  words('user benutzer anwender utilisateur usuario utente gebruiker utilizador'),
);

/**
 * Returns the kind of a column from its folded name. Address books number their phones: `phone1value`, `phone1label`.
 */
export function kindOfName(name: string): ColumnKind | undefined {
  if (/^phone\d+value$/.test(name)) return 'phone';
  if (/^phone\d+(?:label|type)$/.test(name)) return 'phone_label';
  return kindsByName.get(name);
}

/** Returns the position of a name among those of its kind. Lower is better. */
export function rankOfName(kind: ColumnKind, name: string): number {
  const rank = listed[kind]?.indexOf(name) ?? -1;
  return rank === -1 ? Number.MAX_SAFE_INTEGER : rank;
}
