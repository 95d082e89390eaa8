/**
 * Returns the option `skip` of tests that only some machines can run: false, or the reason why this one cannot. With
 * `CI=true`, throws the reason instead.
 */
export function skipUnless(
  isPossible: boolean,
  reason: string,
  environment: NodeJS.ProcessEnv = process.env,
): string | false {
  if (isPossible) return false;
  if (environment.CI === 'true') throw new Error(reason);
  return reason;
}
