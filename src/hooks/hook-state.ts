import type { HookFailure } from './hook-failure.ts';

/** What became of the operator's hooks in this process. */
export interface HookState {
  readonly file: string;
  readonly names: readonly string[];
  /** The latest failure since the start, if any. */
  lastFailure: LastFailure | undefined;
}

export interface LastFailure extends Pick<HookFailure, 'hook' | 'space'> {
  /** Epoch milliseconds. */
  readonly at: number;
  /** One line; secrets have been taken out. */
  readonly message: string;
}

export function lastFailure({ hook, space, stack }: HookFailure, at: number): LastFailure {
  const [message = ''] = stack.split('\n');
  return { hook, space, at, message };
}
