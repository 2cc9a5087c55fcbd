/**
 * Runs kernel text and modules with nothing of the host in reach: the global object of their
 * compartment holds the language's own things and nothing else. `lockdown.ts` freezes what all
 * compartments share; in a thread that is not locked down (a test's) it is the same, unfrozen.
 */
import "ses";

/**
 * The value of an expression, as the loader asks for it. What it asks for is a function that makes an
 * object's functions anew each time, and has no state: the same text is evaluated once, however many
 * machines load it, and what the engine has learned of its functions serves them all.
 */
export function createEvaluator(): (source: string) => unknown {
  const compartment = new Compartment({ __options__: true, globals: {} });
  // Texts of one machine share a global object, so nobody may leave anything there.
  Object.freeze(compartment.globalThis);
  const known = new Map<string, unknown>();
  return (source) => {
    let value = known.get(source);
    if (value === undefined) {
      value = compartment.evaluate(source);
      known.set(source, value);
    }
    return value;
  };
}
