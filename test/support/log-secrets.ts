const suspicions: readonly RegExp[] = [
  // A token (28 letters and digits), or a key or generated password (22). Practically all contain lower case, upper
  // case and digits.
  /\b(?=[A-Z0-9]*[a-z])(?=[a-z0-9]*[A-Z])(?=[A-Za-z]*[0-9])(?:[A-Za-z0-9]{22}|[A-Za-z0-9]{28})\b/,
  // An HA1 or a Digest response, by MD5 or SHA-256.
  /\b(?:[0-9a-f]{32}|[0-9a-f]{64})\b/,
  // Half of what a device authenticates with.
  /[?&]device=[A-Za-z0-9]/,
  /\bDigest username=/i,
  /"(?:authorization|x-api-key|x-device-key|cookie|set-cookie|password|passwd|old_password|ha1)"\s*:/i,
  /\bpostgres(?:ql)?:\/\/[^:/@\s]+:[^@\s]+@/,
];

/** Returns the lines of a log that may contain a secret. */
export function suspiciousLines(log: string): string[] {
  return log.split('\n').filter((line) => suspicions.some((suspicion) => suspicion.test(line)));
}
