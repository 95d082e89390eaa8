/** A complaint's sentence, which follows the name of its field. If it has facts, the manual shows it with an example of them. */
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
