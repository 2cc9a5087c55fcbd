/**
 * Runs kernel text and modules with nothing of the host in reach: the global object of their
 * compartment holds the language's own things and nothing else. `lockdown.ts` freezes what all
 * compartments share; in a thread that is not locked down (a test's) it is the same, unfrozen.
 */
import "ses";

/** More texts than the trees of two releases have. */
const KEPT_TEXTS_MAX = 1024;

/**
 * An evaluator for any number of machines: the value of an expression, as the loader asks for it.
 * A text that many machines link is evaluated once. Its value is a function without state, which
 * makes the object's code anew for each; so the engine also keeps what it has learned of that code.
 */
export function createEvaluator(): (source: string) => unknown {
  const compartment = new Compartment({ __options__: true, globals: {} });
  // Texts of one machine share a global object, so nobody may leave anything there.
  Object.freeze(compartment.globalThis);
  const values = new Map<string, unknown>();
  return (source) => {
    if (values.has(source)) return values.get(source);
    const value = compartment.evaluate(source);
    if (values.size >= KEPT_TEXTS_MAX) values.clear();
    values.set(source, value);
    return value;
  };
}
