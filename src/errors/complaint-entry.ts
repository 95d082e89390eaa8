/**
 * A complaint's sentence, which follows the name of its field. A sentence with facts has an example, which the manual
 * shows.
 */
export type ComplaintEntry = string | WithFacts<object>;

interface WithFacts<Facts> {
  message(facts: Facts): string;
  readonly example: Facts;
}

/** Returns the entry of a complaint whose sentence is a function of its facts. */
export function withFacts<Facts extends object>(
  message: (facts: Facts) => string,
  example: NoInfer<Facts>,
): WithFacts<Facts> {
  return { message, example };
}
