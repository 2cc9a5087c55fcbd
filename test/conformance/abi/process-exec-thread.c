/* execve(2): all other threads go; the one that called becomes the leader and has the process's id. */
#include "harness.h"

static char **arguments;
static char *args[] = { "self", "second", NULL, NULL };

static long sleeper(void *unused)
{
	for (;;)
		sleep_ns(SECOND);
}
static long executer(void *path)
{
	static char digits[24];
	put_number(digits, self(), 10);
	args[2] = digits;
	say("the thread has an id of its own: %d", N(self() != self_thread()));
	sys(execve, path, args, arguments);
	return 1;
}

int main(int argc, char **argv, char **envp)
{
	if (argc > 1) {
		char digits[24] = { 0 };
		put_number(digits, self(), 10);
		say("the same process: %d", N(same(digits, argv[2], length(digits) + 1)));
		say("the caller leads it: %d", N(self() == self_thread()));
		return 8;
	}
	long pid = must(fork());
	if (pid == 0) {
		arguments = envp;
		thread(0, sleeper, 0);
		thread(1, executer, argv[0]);
		sleeper(0);
	}
	reap("child", pid);
	return 0;
}
