import { openTui } from "../../../src/ui/tui/index.ts";
import { FAKE_SCENARIO, fakeSession } from "./fake-session.ts";

const { title, question, minutes, release } = FAKE_SCENARIO.front;
const other = (n: string, t: string, q: string) => ({
  name: n,
  title: t,
  question: q,
  minutes: 6,
  release: "2.6.32",
});
process.exitCode = await openTui({
  scenarios: [
    other(
      "a",
      "Trace system calls",
      "What does a tracer see of a program, and what does it cost the program?",
    ),
    { name: "one-tracer", title, question, minutes, release },
    other("b", "The promise", "Does strace work on every release?"),
    other("c", "The house on quicksand", "How does a module break that nobody touched?"),
    other(
      "d",
      "The laptop on -rc1",
      "What happens to a vendor's blob when the next release candidate is booted?",
    ),
    other("e", "Who fixes the in-tree user", "Why do the kernel's own tracers survive?"),
  ],
  openSession: async (name) => {
    const s = fakeSession();
    if (name !== undefined) return s;
    const { player: _p, ...rest } = s;
    return { ...rest, title: "free shell" };
  },
});
