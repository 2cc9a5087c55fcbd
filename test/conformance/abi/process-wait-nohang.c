/* wait(2): with WNOHANG the answer is 0 while no child has changed state. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	struct handshake go;
	handshake_init(&go);
	long pid = must(fork());
	if (pid == 0) {
		await_other(&go);
		finish(4);
	}
	say("running: %d", wait_for(pid, 0, WNOHANG));
	signal_other(&go);
	reap("then", pid);
	say("gone: %e", wait_for(pid, 0, WNOHANG));
	say("a flag that is none: %e", wait_for(-1, 0, 0x4));
	return 0;
}
