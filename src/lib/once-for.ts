/**
 * Returns a version of `make` that is called once for each key and keeps the value as long as the key exists. All other
 * arguments must be the same in each call.
 */
export function onceFor<Key extends object, Rest extends readonly unknown[], Value>(
  make: (key: Key, ...rest: Rest) => Value,
): (key: Key, ...rest: Rest) => Value {
  const made = new WeakMap<Key, { readonly value: Value }>();
  return (key, ...rest) => {
    const known = made.get(key);
    if (known !== undefined) return known.value;
    const value = make(key, ...rest);
    made.set(key, { value });
    return value;
  };
}
