const int = /^([-+]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)/i;
const decimal = /^[-+]?\d+/;

const maxInt64 = 2n ** 63n - 1n;

/**
 * Returns the number that liblinphone reads at the beginning of a value (`linphone_config_get_int`). A leading zero
 * means octal, `0x` hexadecimal, and numbers above 32 bits wrap.
 */
export function readInt(text: string): number {
  const [, sign, digits = '0'] = int.exec(text) ?? [];
  const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  return Number(BigInt.asIntN(32, withinInt64(sign === '-' ? -size : size)));
}

/** Returns the number that liblinphone reads for keys with decimal digits only (`linphone_config_get_int64`). */
export function readDecimal(text: string): bigint {
  const [digits = '0'] = decimal.exec(text) ?? [];
  return withinInt64(BigInt(digits.replace('+', '')));
}

/** Returns the number that an author means. Leading zeros are ignored, and any size is allowed. */
export function meantNumber(text: string): bigint {
  const size = BigInt(text.replace(/^[-+]/, ''));
  return text.startsWith('-') ? -size : size;
}

/** Limits a number to 64 bits, because `strtoll` returns the ends of its range for numbers outside it. */
function withinInt64(number: bigint): bigint {
  if (number > maxInt64) return maxInt64;
  return number < -maxInt64 - 1n ? -maxInt64 - 1n : number;
}
