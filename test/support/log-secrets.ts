const suspicions: readonly RegExp[] = [
  // A token (28 letters and digits), key or generated password (22), practically never without all three kinds.
  /\b(?=[A-Z0-9]*[a-z])(?=[a-z0-9]*[A-Z])(?=[A-Za-z]*[0-9])(?:[A-Za-z0-9]{22}|[A-Za-z0-9]{28})\b/,
  // An HA1 or a Digest response, by MD5 or SHA-256.
  /\b(?:[0-9a-f]{32}|[0-9a-f]{64})\b/,
  // Half of what a device signs in with.
  /[?&]device=[A-Za-z0-9]/,
  /\bDigest username=/i,
  /"(?:authorization|x-api-key|x-device-key|cookie|set-cookie|password|passwd|old_password|ha1)"\s*:/i,
  /\bpostgres(?:ql)?:\/\/[^:/@\s]+:[^@\s]+@/,
];

/** The lines of a log that look as if a secret stood in them. */
export function suspiciousLines(log: string): string[] {
  return log.split('\n').filter((line) => suspicions.some((suspicion) => suspicion.test(line)));
}
