/* wait(2): WUNTRACED reports a stopped child, WCONTINUED one that goes on, each once. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	long pid = must(fork());
	int status = 0;
	if (pid == 0) {
		for (;;)
			sleep_ns(SECOND);
	}
	sys(kill, pid, SIGSTOP);
	must(wait_for(pid, &status, WUNTRACED));
	say_status("after SIGSTOP", status);
	say("asked again: %d", wait_for(pid, &status, WUNTRACED | WNOHANG));
	sys(kill, pid, SIGCONT);
	must(wait_for(pid, &status, WCONTINUED));
	say_status("after SIGCONT", status);
	say("asked again: %d", wait_for(pid, &status, WCONTINUED | WNOHANG));
	sys(kill, pid, SIGKILL);
	reap("after SIGKILL", pid);
	return 0;
}
