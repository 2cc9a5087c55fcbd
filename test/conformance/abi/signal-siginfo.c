/* sigaction(2): what siginfo_t tells of kill, tgkill, and of a child's ends and stops. */
#include "harness.h"

static void handler(int signo, siginfo_t *info, void *context)
{
	say("signal %d: errno %d code %d pid of the sender %d uid %d", N(signo), N(info->si_errno),
	    N(info->si_code), N(info->si_pid == self()), N(info->si_uid));
}
static volatile long child;
static void child_handler(int signo, siginfo_t *info, void *context)
{
	say("child: code %d status %d pid %d", N(info->si_code), N(info->si_status), N(info->si_pid == child));
}
static void await(int signo)
{
	kernel_sigset none = 0;
	sys(rt_sigsuspend, &none, 8);
}

int main(int argc, char **argv, char **envp)
{
	must(set_action(SIGUSR1, handler, SA_SIGINFO, 0));
	sys(kill, self(), SIGUSR1);
	sys(tgkill, self(), self_thread(), SIGUSR1);
	must(set_action(SIGCHLD, child_handler, SA_SIGINFO, 0));
	block(SIGBIT(SIGCHLD));
	child = must(fork());
	if (child == 0) {
		sys(kill, self(), SIGSTOP);
		finish(3);
	}
	await(SIGCHLD);
	sys(kill, child, SIGCONT);
	/* Its being continued and its end may come as one, or as two. */
	wait_for(child, 0, 0);
	kernel_sigset chld = SIGBIT(SIGCHLD);
	struct __kernel_timespec now = { 0, 0 };
	while (sys(rt_sigtimedwait, &chld, 0, &now, 8) > 0)
		;
	child = must(fork());
	if (child == 0)
		finish(3);
	await(SIGCHLD);
	wait_for(child, 0, 0);
	child = must(fork());
	if (child == 0) {
		sys(kill, self(), SIGKILL);
		finish(3);
	}
	await(SIGCHLD);
	return 0;
}
