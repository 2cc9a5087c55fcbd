/* pipe(7): capacity, partial writes, PIPE_BUF, end of file, SIGPIPE; F_SETPIPE_SZ of fcntl(2). */
#include "harness.h"

static char buffer[70000];
static volatile int signals;

static void count(int signo)
{
	signals++;
}
static void say_poll(const char *when, long fd)
{
	struct pollfd p = { .fd = (int)fd, .events = POLLIN | POLLOUT };
	struct { long sec, nsec; } none = { 0, 0 };
	must(sys(ppoll, &p, 1, &none, 0, 8));
	say("%s: poll %x", when, N(p.revents));
}
static long ready(long fd)
{
	int n = -1;
	must(sys(ioctl, fd, FIONREAD, &n));
	return n;
}

int main(int argc, char **argv, char **envp)
{
	int fd[2];
	must(sys(pipe2, fd, O_NONBLOCK));
	say("empty: %e", sys(read, fd[0], buffer, 10));
	say_poll("empty, reader", fd[0]);
	say_poll("empty, writer", fd[1]);
	say("capacity: %d", sys(fcntl, fd[0], F_GETPIPE_SZ, 0));
	say("more than fits: %d", sys(write, fd[1], buffer, 70000));
	say("inside: %d", ready(fd[0]));
	say("full: %e", sys(write, fd[1], buffer, 1));
	say_poll("full, writer", fd[1]);
	say_poll("full, reader", fd[0]);
	say("less than a page is read: %d", sys(read, fd[0], buffer, 4095));
	say("a whole PIPE_BUF finds no room: %e", sys(write, fd[1], buffer, 4096));
	say("smaller: %e", sys(fcntl, fd[1], F_SETPIPE_SZ, 4096));
	must(sys(read, fd[0], buffer, 65536));
	say("smaller, now that it is empty: %d", sys(fcntl, fd[1], F_SETPIPE_SZ, 5000));
	say("of nothing: %d, to a bad address: %e", sys(write, fd[1], buffer, 0), sys(write, fd[1], (void *)8, 1));
	must(sys(write, fd[1], "abc", 3));
	must(sys(write, fd[1], "def", 3));
	say("writes run together: %d", sys(read, fd[0], buffer, 100));
	must(sys(write, fd[1], "rest", 4));
	sys(close, fd[1]);
	say_poll("no writer, data", fd[0]);
	say("the rest: %d", sys(read, fd[0], buffer, 100));
	say("the end: %d", sys(read, fd[0], buffer, 100));
	say_poll("no writer", fd[0]);
	sys(close, fd[0]);

	must(sys(pipe2, fd, 0));
	sys(close, fd[0]);
	set_action(SIGPIPE, count, 0, 0);
	say("no reader: %e", sys(write, fd[1], "x", 1));
	say("signals: %d", N(signals));
	say_poll("no reader", fd[1]);
	sys(close, fd[1]);

	must(sys(pipe2, fd, 0));
	long pid = must(fork());
	if (pid == 0) {
		/* More than fits: the writer sleeps until all is read. */
		say("child wrote: %d", sys(write, fd[1], buffer, 70000));
		finish(0);
	}
	await_state(pid, 'S');
	say("inside: %d", ready(fd[0]));
	long got = 0;
	while (got < 70000)
		got += must(sys(read, fd[0], buffer, 30000));
	reap("child", pid);
	say("got: %d", got);
	say("pipe2 with a flag that is none: %e, to a bad address: %e", sys(pipe2, fd, O_APPEND), sys(pipe2, (void *)8, 0));
	return 0;
}
