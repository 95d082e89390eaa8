import { type Static, type TSchema, type TUnsafe, Type } from 'typebox';
import type { Complaint } from '../errors/complaints.ts';
import { nullable } from '../lib/check-shape.ts';
import { formatDuration, parseDuration } from '../lib/duration.ts';

export type Complaints = Complaint | readonly Complaint[] | undefined;

/**
 * A setting of a space: its form in the API, its form in a `Space`, and how it is shown. Its column has the same name.
 */
export interface SpaceSetting<Taken extends TSchema = TSchema, Held = unknown, Secret extends boolean = boolean> {
  /** Its description is shown in the manual and in the API document. */
  readonly schema: Taken;
  /** Whether it is a secret. The API then shows only `NAME_set`: whether there is a value. */
  readonly secret: Secret;
  /**
   * What a command reads from the file in `NAME=@FILE`: all text, one line, or bytes as base64. If undefined, it reads
   * no file.
   */
  readonly fromFile: FromFile | undefined;
  /** Whether only super administrators may set it. The API lets nobody else change spaces at all. */
  readonly superOnly: boolean;
  /** Returns the value for a new space with this domain. */
  defaultOf(domain: string): Held;
  /** Checks the rules that the schema cannot express. null is always valid. */
  check(taken: Static<Taken> | null): Complaints;
  hold(taken: Static<Taken>): Held;
  show(held: Held, domain: string): Secret extends true ? boolean : Readonly<Static<Taken>>;
}

export type FromFile = 'text' | 'line' | 'base64';

interface Definition<S extends TSchema, Held = Readonly<Static<S>>> {
  readonly schema: S;
  readonly default: Held | ((domain: string) => Held);
  readonly fromFile?: FromFile;
  readonly superOnly?: true;
  check?(taken: NonNullable<Static<S>>): Complaints;
  /** Converts a value of the API to the form in a `Space`. By default, it is the same. */
  hold?(taken: Static<S>): Readonly<Static<S>>;
  /** Converts a value of a `Space` to the form in the API. By default, it is the same. */
  show?(held: Held, domain: string): Readonly<Static<S>>;
}

export function setting<S extends TSchema>(definition: Definition<S>): SpaceSetting<S, Readonly<Static<S>>, false> {
  const { schema, default: value, hold = (taken) => taken, show = (held) => held } = definition;
  return {
    schema,
    secret: false,
    fromFile: definition.fromFile,
    superOnly: definition.superOnly ?? false,
    defaultOf: (domain) => (typeof value === 'function' ? value(domain) : value),
    check: (taken) => (taken === null ? undefined : definition.check?.(taken)),
    hold,
    show,
  };
}

export function secretSetting<S extends TSchema>(
  definition: Omit<Definition<S>, 'show'>,
): SpaceSetting<S, Readonly<Static<S>>, true> {
  return { ...setting(definition), secret: true, show: (held) => held !== null };
}

/** Defines a setting that people write as `7d` and a space has in milliseconds. null stands for the default. */
export function durationSetting<Default extends number | null>(definition: {
  readonly description: string;
  readonly default: Default;
  check(taken: string): Complaints;
}): SpaceSetting<TUnsafe<string | null>, number | Default, false> {
  const { description, default: value } = definition;
  return {
    schema: nullable(Type.String({ maxLength: 20, description })),
    secret: false,
    fromFile: undefined,
    superOnly: false,
    defaultOf: () => value,
    check: (taken) => (taken === null ? undefined : definition.check(taken)),
    hold: (taken) => (taken === null ? value : (parseDuration(taken) ?? value)),
    show: (held) => (held === null ? null : formatDuration(held)),
  };
}
