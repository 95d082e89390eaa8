import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { XmlAttribute, XmlDocument, XmlElement, type XmlNode, XsdValidator } from 'libxml2-wasm';

/** What a phone would read: entry values by section and entry, in the order of the document. */
export type ParsedDocument = Map<string, Map<string, { value: string; overwrite: boolean }>>;

const namespaces = { lp: 'http://www.linphone.org/xsds/lpconfig.xsd' };
const schemaFile = new URL('../lpconfig/lpconfig.xsd', import.meta.url);

let validator: XsdValidator | undefined;

/** Fails unless the XML is well-formed, valid by the schema, and free of anything that a phone misreads. */
export function assertValidDocument(xml: string): void {
  withDocument(xml, (document) => {
    validator ??= validatorOf(readFileSync(schemaFile, 'utf8'));
    validator.validate(document);
    assert.equal(document.find('//comment() | //processing-instruction()').length, 0, 'a comment truncates an entry');
    assert.ok(!xml.includes('<![CDATA['), 'CDATA truncates an entry');
  });
}

/** Parses a configuration document with an independent XML parser. Fails if a name occurs twice. */
export function parseDocument(xml: string): ParsedDocument {
  return withDocument(xml, (document) =>
    mapOf(document.find('/lp:config/lp:section', namespaces), (section) =>
      mapOf(section.find('lp:entry', namespaces), (entry) => ({
        value: textOf(entry),
        overwrite: attributeOf(entry, 'overwrite') === 'true',
      })),
    ),
  );
}

function mapOf<T>(nodes: XmlNode[], read: (node: XmlNode) => T): Map<string, T> {
  const map = new Map(nodes.map((node) => [attributeOf(node, 'name') ?? '', read(node)]));
  assert.equal(map.size, nodes.length, 'a name stands twice');
  return map;
}

function attributeOf(node: XmlNode, name: string): string | undefined {
  const attribute = node instanceof XmlElement ? node.attr(name) : null;
  return attribute instanceof XmlAttribute ? textOf(attribute) : undefined;
}

/** Returns the text of a node. The parser drops a byte order mark at the beginning of what it returns. */
function textOf(node: XmlNode): string {
  return String(node.eval('concat("|", string(.))')).slice(1);
}

function validatorOf(schema: string): XsdValidator {
  return withDocument(schema, (document) => XsdValidator.fromDoc(document));
}

// Documents are in the parser's own memory, which the garbage collector does not see, so they must be freed.
function withDocument<T>(xml: string, use: (document: XmlDocument) => T): T {
  const document = XmlDocument.fromString(xml);
  try {
    return use(document);
  } finally {
    document.dispose();
  }
}
