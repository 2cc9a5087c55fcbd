/* execve(2): what a new program keeps (pid, mask, ignored signals, pending ones) and what it does not. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	static char *args[] = { "self", "second", "a b", "", NULL };
	static char *env[] = { "NAME=value", NULL };
	if (argc == 1) {
		long kept = must(sys(openat, AT_FDCWD, "/", O_RDONLY, 0));
		long closed = must(sys(openat, AT_FDCWD, "/", O_RDONLY | O_CLOEXEC, 0));
		must(sys(dup3, kept, 20, 0));
		must(sys(dup3, closed, 21, O_CLOEXEC));
		must(set_action(SIGUSR1, do_nothing, 0, 0));
		must(set_action(SIGUSR2, (void *)1, 0, 0));
		block(SIGBIT(SIGTERM) | SIGBIT(SIGHUP));
		sys(kill, self(), SIGTERM);
		char digits[24] = { 0 };
		put_number(digits, self(), 10);
		args[3] = digits;
		say("no such file: %e", sys(execve, "/nowhere", args, env));
		say("a directory: %e", sys(execve, "/", args, env));
		say("a bad address: %e", sys(execve, (char *)8, args, env));
		must(sys(execve, argv[0], args, env));
	}
	say("argc %d: %s, %s", N(argc), argv[1], argv[2]);
	say("environment: %s, %d", envp[0], N(envp[1] == NULL));
	char digits[24] = { 0 };
	put_number(digits, self(), 10);
	say("the pid is the same: %d", N(same(digits, argv[3], length(digits) + 1)));
	say("descriptors: %e %e", sys(fcntl, 20, F_GETFD, 0), sys(fcntl, 21, F_GETFD, 0));
	struct kernel_action action;
	must(sys(rt_sigaction, SIGUSR1, 0, &action, 8));
	say("a handler is: %d", N((long)action.handler));
	must(sys(rt_sigaction, SIGUSR2, 0, &action, 8));
	say("an ignored signal is: %d", N((long)action.handler));
	kernel_sigset mask;
	must(sys(rt_sigprocmask, SIG_BLOCK, 0, &mask, 8));
	say("mask %x, pending %x", N(mask), N(pending()));
	return 0;
}
