/**
 * Locks this thread's intrinsics: whatever a module does to `Array.prototype` throws. Import it before
 * anything else; it must not be imported where other people's code (React, vitest) runs.
 */
import { restoreFreeze } from "./gentle-freeze.ts";
// Here, and not sorted above: SES has to see the gentle freeze as it loads.
import "ses";

restoreFreeze();

lockdown({
  // What may be overridden by assignment is a getter; were it push() or the array's iterator, each
  // use of them would cost a call.
  overrideTaming: "min",
  // Our own messages are wanted as they are; guests never see a host stack.
  errorTaming: "unsafe",
  consoleTaming: "unsafe",
  localeTaming: "unsafe",
});
