/**
 * A schedule in words: it is followed once more, and each departure from the plain order is told
 * where it takes place, with the names that the tasks have there.
 */
import { FixedPolicy, PLAIN_TURN, type Schedule, type SchedulePolicy } from "#kernel";

/** Follows `schedule`, and adds a line for each departure that takes place. */
export function tellingPolicy(schedule: Schedule, lines: string[]): SchedulePolicy {
  const policy = new FixedPolicy(schedule);
  let turn = PLAIN_TURN;
  return {
    next(runnable) {
      turn = policy.next(runnable);
      const [first, chosen] = [runnable[0], runnable[turn.index]];
      if (first !== undefined && chosen !== undefined && first !== chosen)
        lines.push(`${nameOf(chosen)} runs before ${nameOf(first)}, who has waited longer`);
      return turn;
    },
    over(task, end) {
      policy.over(task, end);
      if (end.by === "points") lines.push(`${nameOf(task)} loses the processor in ${end.where()}`);
      else if (end.by === "slice" && turn.sliceNs !== PLAIN_TURN.sliceNs)
        lines.push(`${nameOf(task)} loses the processor in user mode`);
    },
  };
}

const nameOf = ({ comm, tid }: { readonly comm: string; readonly tid: number }): string =>
  `${comm} (${tid})`;
