/* futex(2): without FUTEX_PRIVATE_FLAG the word is known by where it is stored, in any process. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	enter_scratch();
	long fd = must(open_file("word", O_RDWR | O_CREAT));
	must(sys(ftruncate, fd, PAGE));
	int *word = (int *)must(map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	int *mine = map_anonymous(PAGE);
	long pid = must(fork());
	if (pid == 0) {
		int *other = (int *)must(map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
		say("slept: %e", sys(futex, other, FUTEX_WAIT, 0, 0, 0, 0));
		finish(0);
	}
	await_state(pid, 'S');
	say("private: %d", sys(futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 9, 0, 0, 0));
	say("private memory: %d", sys(futex, mine, FUTEX_WAKE, 9, 0, 0, 0));
	while (sys(futex, word, FUTEX_WAKE, 9, 0, 0, 0) == 0)
		sys(sched_yield);
	reap("sleeper", pid);
	return 0;
}
