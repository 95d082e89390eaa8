/** One field of a body, a query or an answer, for the manual. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  /** For example `at most 120 characters`. */
  readonly constraints: readonly string[];
}

export interface Answer {
  readonly status: string;
  /** Empty if the document does not say. */
  readonly type: string;
  readonly fields: readonly Field[];
}

/** An operation of the API. If several methods run the same one, it is listed once. */
export interface Operation {
  readonly methods: readonly string[];
  readonly path: string;
  readonly summary: string;
  readonly paragraphs: readonly string[];
  /** Who may call the operation; empty if the document does not say. */
  readonly caller: string;
  /** The first tag; empty if there is none. */
  readonly tag: string;
  readonly query: readonly Field[];
  readonly body: readonly Field[];
  /** Successful answers only, because failures look the same everywhere. */
  readonly answers: readonly Answer[];
}

type Node = Readonly<Record<string, unknown>>;

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head'];

/** Returns the operations of an OpenAPI 3.1 document, in its order. Missing and malformed parts are skipped. */
export function readOperations(document: unknown): Operation[] {
  const operations = new Map<string, Operation>();
  const read = withoutReferences(document);
  for (const [path, item] of Object.entries(node(read(node(document).paths)))) {
    for (const [method, value] of Object.entries(node(item))) {
      if (!methods.includes(method)) continue;
      const operation = readOperation(path, method, node(value));
      const key = `${path} ${operation.summary}`;
      const same = operations.get(key);
      operations.set(
        key,
        same === undefined ? operation : { ...same, methods: [...same.methods, ...operation.methods] },
      );
    }
  }
  return [...operations.values()].map((operation) => ({ ...operation, methods: withoutHead(operation.methods) }));
}

/** Removes `HEAD` if there is a `GET`, because it is then understood. */
function withoutHead(methods: readonly string[]): readonly string[] {
  return methods.includes('GET') ? methods.filter((method) => method !== 'HEAD') : methods;
}

/** Returns the names of the document's tags, in its order. */
export function tagNames(document: unknown): string[] {
  return list(node(document).tags).map((tag) => text(node(tag).name));
}

export function apiTitle(document: unknown): { title: string; version: string; description: string } {
  const info = node(node(document).info);
  return { title: text(info.title), version: text(info.version), description: text(info.description) };
}

/** Returns the address of the first server, or an empty string if there is none. */
export function serverUrl(document: unknown): string {
  return text(node(list(node(document).servers)[0]).url);
}

const prefix = '#/components/schemas/';

/**
 * Returns a function that replaces references with the named schemas. A reference to an outer schema or to no schema
 * becomes empty.
 */
function withoutReferences(document: unknown): (value: unknown) => unknown {
  const schemas = node(node(node(document).components).schemas);
  const read = (value: unknown, within: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((each) => read(each, within));
    if (!isNode(value)) return value;
    const name = text(value.$ref).startsWith(prefix) ? text(value.$ref).slice(prefix.length) : undefined;
    if (name !== undefined) return within.includes(name) ? {} : read(schemas[name] ?? {}, [...within, name]);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, read(each, within)]));
  };
  return (value) => read(value, []);
}

function readOperation(path: string, method: string, operation: Node): Operation {
  const paragraphs = text(operation.description)
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph !== '');
  const parameters = list(operation.parameters).map(node);
  return {
    methods: [method.toUpperCase()],
    path,
    summary: text(operation.summary),
    paragraphs,
    caller: text(operation['x-caller']),
    tag: text(list(operation.tags)[0]),
    query: parameters.filter((parameter) => parameter.in === 'query').map(parameterField),
    body: fieldsOf(jsonSchema(operation.requestBody), 'changeable'),
    answers: Object.entries(node(operation.responses))
      .filter(([status, response]) => /^2/.test(status) && node(response).content !== undefined)
      .map(([status, response]) => {
        const schema = jsonSchema(response);
        return { status, type: typeOf(schema), fields: fieldsOf(schema) };
      }),
  };
}

function parameterField(parameter: Node): Field {
  const schema = node(parameter.schema);
  return {
    ...describe(text(parameter.name), schema, parameter.required === true),
    description: text(parameter.description) || text(schema.description),
  };
}

/** Returns the fields of an object, or of the objects inside a list or an object. */
function fieldsOf(schema: Node, which: 'all' | 'changeable' = 'all'): Field[] {
  if (schema.type === 'array') return fieldsOf(node(schema.items), which);
  if (isNode(schema.additionalProperties)) return fieldsOf(schema.additionalProperties, which);
  const required = list(schema.required);
  return Object.entries(node(schema.properties))
    .filter(([, value]) => which === 'all' || node(value).readOnly !== true)
    .map(([name, value]) => describe(name, node(value), required.includes(name)));
}

function describe(name: string, schema: Node, required: boolean): Field {
  const description = text(schema.description);
  return { name, type: typeOf(schema), required, description, constraints: constraintsOf(schema) };
}

function typeOf(schema: Node): string {
  const choices = list(schema.enum);
  if (choices.length > 0) return choices.map((choice) => JSON.stringify(choice)).join(' | ');
  const alternatives = [...list(schema.anyOf), ...list(schema.oneOf)];
  if (alternatives.length > 0) return alternatives.map((each) => typeOf(node(each))).join(' | ');
  if (isEmptyObject(schema)) return 'empty object';
  if (isNode(schema.additionalProperties)) return `object of ${typeOf(schema.additionalProperties)}s`;
  const types = Array.isArray(schema.type) ? schema.type.map(text) : [text(schema.type)];
  return types.map((type) => (type === 'array' ? listType(typeOf(node(schema.items))) : type)).join(' | ');
}

function isEmptyObject({ type, properties, additionalProperties }: Node): boolean {
  return type === 'object' && additionalProperties === false && Object.keys(node(properties)).length === 0;
}

function listType(items: string): string {
  if (items === '') return 'list';
  return /^\w+$/.test(items) ? `list of ${items}s` : `list of ${items}`;
}

/** The wording of each schema keyword. */
const wordings: Readonly<Record<string, (value: string) => string>> = {
  minLength: (value) => (value === '1' ? 'not empty' : `at least ${value} characters`),
  maxLength: (value) => `at most ${value} characters`,
  minimum: (value) => `at least ${value}`,
  maximum: (value) => `at most ${value}`,
  minItems: (value) => `at least ${value} in the list`,
  maxItems: (value) => `at most ${value} in the list`,
  pattern: (value) => `matches \`${value}\``,
  format: (value) => value,
  default: (value) => `default \`${value}\``,
};

function constraintsOf(schema: Node): string[] {
  return Object.entries(wordings).flatMap(([keyword, wording]) => {
    const value = schema[keyword];
    if (value === undefined) return [];
    return [wording(typeof value === 'string' ? value : JSON.stringify(value))];
  });
}

function jsonSchema(value: unknown): Node {
  return node(node(node(node(value).content)['application/json']).schema);
}

function node(value: unknown): Node {
  return isNode(value) ? value : {};
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
