/* Starts a program, waits for it, and starts it again: spawn TIMES PROGRAM. */
#include "guest.h"

int main(int argc, char **argv, char **envp)
{
	if (argc < 3)
		return 2;
	for (long i = number(argv[1]); i > 0; i--) {
		long pid = fork();
		if (pid == 0) {
			sys(execve, argv[2], argv + 2, envp);
			finish(127);
		}
		int status = 0;
		if (wait_for(pid, &status, 0) != pid || status != 0) {
			say("child %d: status %x", i, N(status));
			return 1;
		}
	}
	return 0;
}
