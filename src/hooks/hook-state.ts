import type { HookFailure } from './hook-failure.ts';

/** The state of the operator's hooks in this process. */
export interface HookState {
  readonly file: string;
  readonly names: readonly string[];
  /** The latest failure since the server started, if there is one. */
  lastFailure: LastFailure | undefined;
}

export interface LastFailure extends Pick<HookFailure, 'hook' | 'space'> {
  /** Epoch milliseconds. */
  readonly at: number;
  /** One line, with secrets removed. */
  readonly message: string;
}

export function lastFailure({ hook, space, stack }: HookFailure, at: number): LastFailure {
  const [message = ''] = stack.split('\n');
  return { hook, space, at, message };
}
