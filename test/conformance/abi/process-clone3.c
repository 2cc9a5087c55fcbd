/* clone3(2): takes a structure with its size; refuses sizes and fields that make no sense. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	struct clone_args args = { 0 };
	int tid = 0;
	args.flags = CLONE_PARENT_SETTID;
	args.parent_tid = (unsigned long)&tid;
	args.exit_signal = SIGCHLD;
	long pid = must(sys(clone3, &args, sizeof(args)));
	if (pid == 0)
		finish(3);
	say("the word: %d", N(tid == pid));
	reap("child", pid);
	args.exit_signal = 300;
	say("an exit signal that is none: %e", sys(clone3, &args, sizeof(args)));
	args.exit_signal = SIGCHLD;
	args.stack_size = 100;
	say("a size without a stack: %e", sys(clone3, &args, sizeof(args)));
	args.stack_size = 0;
	say("too small a structure: %e", sys(clone3, &args, 8));
	char large[sizeof(args) + 8] = { 0 };
	large[sizeof(args)] = 1;
	say("a larger one that is not zero: %e", sys(clone3, large, sizeof(large)));
	args.flags = CLONE_CLEAR_SIGHAND;
	must(set_action(SIGUSR1, do_nothing, 0, 0));
	pid = must(sys(clone3, &args, sizeof(args)));
	if (pid == 0) {
		struct kernel_action action;
		must(sys(rt_sigaction, SIGUSR1, 0, &action, 8));
		say("CLONE_CLEAR_SIGHAND: default %d", N(action.handler == 0));
		finish(0);
	}
	reap("child", pid);
	return 0;
}
