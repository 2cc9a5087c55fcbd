/* fork(2): the child has a copy of the memory and of the descriptors, whose offsets are shared. */
#include "harness.h"

static int value = 1;

int main(int argc, char **argv, char **envp)
{
	enter_scratch();
	long fd = must(open_file("file", O_RDWR | O_CREAT));
	int on_stack = 1;
	must(sys(write, fd, "abcdef", 6));
	long pid = must(fork());
	if (pid == 0) {
		value = on_stack = 2;
		sys(lseek, fd, 2, 0);
		say("in the child: %d %d", N(value), N(on_stack));
		finish(0);
	}
	reap("child", pid);
	say("in the parent: %d %d", N(value), N(on_stack));
	say("the offset: %d", sys(lseek, fd, 0, 1));
	return 0;
}
