/**
 * Freezing the few prototypes that typed arrays hang on without making every store slow.
 *
 * V8 gives a frozen object "frozen elements", and a store to a typed array whose prototype chain has
 * such an object leaves the fast path: after lockdown() an Int32Array store took 30 ns instead of 1,
 * and a kernel is made of such stores. Preventing extensions and making each property constant has the
 * same meaning (Object.isFrozen agrees) and none of the cost. Making the object a prototype once more
 * lets V8 lay its properties out for fast lookup again.
 *
 * Array.prototype is frozen as it is: defining its `constructor` and its iterator anew would tell V8
 * that they may be others now, and make map() fifty times as slow; plain arrays' stores do not mind.
 *
 * SES takes `Object.freeze` when it is loaded, so this file comes before it and puts the original
 * back after.
 */

const CONSTRUCTORS: readonly { readonly prototype: object }[] = [
  Object,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];

const GENTLY: ReadonlySet<unknown> = new Set<unknown>([
  Object.getPrototypeOf(Uint8Array.prototype),
  ...CONSTRUCTORS.map(({ prototype }) => prototype),
]);

const freezeAsIs = Object.freeze;

function freezeGently(object: object): void {
  Object.preventExtensions(object);
  for (const key of Reflect.ownKeys(object)) {
    const property = Object.getOwnPropertyDescriptor(object, key);
    if (property === undefined) continue;
    property.configurable = false;
    if ("writable" in property) property.writable = false;
    Object.defineProperty(object, key, property);
  }
  Object.create(object);
  const heir: { readonly absent?: unknown } = { __proto__: object } as object;
  for (let i = 0; i < 10; i++) void heir.absent;
}

Object.freeze = (<T>(object: T): Readonly<T> => {
  if (!GENTLY.has(object)) return freezeAsIs(object);
  freezeGently(object as object);
  return object;
}) as typeof Object.freeze;

/** To be called once SES is loaded: it locks down the real Object.freeze. */
export function restoreFreeze(): void {
  Object.freeze = freezeAsIs;
}
