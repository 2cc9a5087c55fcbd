/**
 * Locks this thread's intrinsics: whatever a module does to `Array.prototype` throws. Import it before
 * anything else; it must not be imported where other people's code (React, vitest) runs.
 */
import "ses";

lockdown({
  // Our own messages are wanted as they are; guests never see a host stack.
  errorTaming: "unsafe",
  consoleTaming: "unsafe",
  // Libraries assign `toString` and the like on their own objects.
  overrideTaming: "severe",
  stackFiltering: "verbose",
  localeTaming: "unsafe",
});
