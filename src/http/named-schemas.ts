/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

export interface NamedSchemas {
  /**
   * Returns the schema for the OpenAPI document. Each part with a `title` becomes a reference to the schema of that
   * name.
   */
  refer(schema: object): Schema;
  /** Returns the schemas that were referred to, by name. */
  all(): Readonly<Record<string, Schema>>;
}

/** Collects the schemas of an OpenAPI document under their titles, so that each appears only once. */
export function namedSchemas(): NamedSchemas {
  const named = new Map<string, Schema>();

  function refer(schema: object): Schema {
    const { title, 'x-openapi': instead, ...rest } = schema as Schema;
    if (typeof instead === 'object' && instead !== null) return { ...described(rest), ...instead };
    const plain = Object.fromEntries(
      Object.entries(rest)
        .filter(([keyword]) => !keyword.startsWith('x-'))
        .map(([keyword, value]) => [keyword, keyword === 'properties' ? mapped(value) : nested(value)]),
    );
    if (typeof title !== 'string') return plain;
    const known = named.get(title);
    if (known === undefined) named.set(title, plain);
    else if (JSON.stringify(known) !== JSON.stringify(plain)) throw new Error(`Two schemas have the title ${title}.`);
    return { $ref: `#/components/schemas/${title}` };
  }

  function mapped(properties: unknown): unknown {
    return Object.fromEntries(Object.entries(properties as Schema).map(([name, each]) => [name, nested(each)]));
  }

  function nested(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(nested);
    return typeof value === 'object' && value !== null ? refer(value) : value;
  }

  return { refer, all: () => Object.fromEntries([...named].sort(([a], [b]) => a.localeCompare(b, 'en'))) };
}

function described({ description }: Schema): Schema {
  return description === undefined ? {} : { description };
}
