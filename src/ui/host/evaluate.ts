/**
 * Runs kernel text and modules with nothing of the host in reach: the global object of their
 * compartment holds the language's own things and nothing else. `lockdown.ts` freezes what all
 * compartments share; in a thread that is not locked down (a test's) it is the same, unfrozen.
 */
import "ses";

/** One machine's evaluator: the value of an expression, as the loader asks for it. */
export function createEvaluator(): (source: string) => unknown {
  const compartment = new Compartment({ __options__: true, globals: {} });
  // Texts of one machine share a global object, so nobody may leave anything there.
  Object.freeze(compartment.globalThis);
  return (source) => compartment.evaluate(source);
}
