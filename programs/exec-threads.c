/* Starts threads, one of which executes the program anew: who is left? */
#include "guest.h"

static char *arguments[] = { "exec-threads", "again", NULL };
static char **environment;
static char *path;

static long sleeper(void *unused)
{
	sleep_ns(3600 * SECOND);
	return 0;
}
static long executer(void *unused)
{
	say("thread %d of process %d executes", self_thread(), self());
	long failed = sys(execve, path, arguments, environment);
	say("%s: %e", path, failed);
	finish(1);
}

int main(int argc, char **argv, char **envp)
{
	if (argc > 1) {
		say("thread %d of process %d goes on, alone", self_thread(), self());
		return 0;
	}
	environment = envp;
	path = argv[0];
	thread(0, sleeper, 0);
	thread(1, executer, 0);
	return (int)sleeper(0);
}
