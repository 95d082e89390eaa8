import type { Version } from './installation/version.ts';
import type { Options } from './options.ts';
import type { LoadGenerator, ReferenceServer } from './servers/child.ts';

/** What every part of the benchmark works with. */
export interface Bench {
  readonly options: Options;
  /** For everything that the run writes; removed at its end. */
  readonly directory: string;
  /** Of all programs that it starts. */
  readonly environment: Readonly<Record<string, string>>;
  /** This version and, if asked for, the one to compare it with. */
  readonly versions: readonly [Version, ...Version[]];
  readonly generator: LoadGenerator;
  readonly reference: ReferenceServer;
  print(text: string): void;
}
