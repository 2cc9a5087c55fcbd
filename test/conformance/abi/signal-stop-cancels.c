/* signal(7): SIGCONT takes pending stop signals away, and a stop signal a pending SIGCONT. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	must(set_action(SIGCONT, do_nothing, 0, 0));
	block(SIGBIT(SIGTSTP) | SIGBIT(SIGCONT));
	sys(kill, self(), SIGTSTP);
	say("after TSTP: %x", N(pending()));
	sys(kill, self(), SIGCONT);
	say("after CONT: %x", N(pending()));
	sys(kill, self(), SIGTSTP);
	say("after TSTP: %x", N(pending()));
	return 0;
}
