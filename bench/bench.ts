import type { Version } from './installation/version.ts';
import type { Options } from './options.ts';
import type { LoadGenerator, ReferenceServer } from './servers/child.ts';

/** What every part of the benchmark needs to run. */
export interface Bench {
  readonly options: Options;
  /** Takes everything that the run writes; removed at its end. */
  readonly directory: string;
  /** The environment of all programs that the run starts. */
  readonly environment: Readonly<Record<string, string>>;
  /** This version first, then the one to compare it with, if any. */
  readonly versions: readonly [Version, ...Version[]];
  readonly generator: LoadGenerator;
  readonly reference: ReferenceServer;
  print(text: string): void;
}
