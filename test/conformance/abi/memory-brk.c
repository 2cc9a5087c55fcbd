/* brk(2): the system call answers the end of the heap, the old one where it cannot move. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	char *start = (char *)sys(brk, 0);
	char *end = (char *)sys(brk, start + 3 * PAGE);
	say("grown: %d", N(end == start + 3 * PAGE));
	start[0] = start[3 * PAGE - 1] = 7;
	say("shrunk: %d", N((char *)sys(brk, start + PAGE) == start + PAGE));
	sys(brk, start + 3 * PAGE);
	say("kept %d, zero again %d", N(start[0]), N(start[3 * PAGE - 1]));
	say("below the start: %d", N((char *)sys(brk, start - PAGE) == start + 3 * PAGE));
	return 0;
}
