/* fcntl(2), dup(2), close_range(2), getrlimit(2): the lowest free descriptor, and what an exec closes. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	static char *args[] = { "self", "second", NULL };
	struct { unsigned long now, max; } limit = { 20, 20 };
	if (argc > 1) {
		say("after exec: 5 %e, 6 %e, 7 %e", sys(fcntl, 5, F_GETFD, 0), sys(fcntl, 6, F_GETFD, 0), sys(fcntl, 7, F_GETFD, 0));
		return 0;
	}
	sys(close_range, 3, ~0U, 0);
	long fd = must(open_file("/", O_RDONLY));
	say("the lowest free: %d", fd);
	say("dup: %d", sys(dup, fd));
	say("from 10 on: %d", sys(fcntl, fd, F_DUPFD, 10));
	say("dup3 to itself: %e", sys(dup3, fd, fd, 0));
	say("dup3: %d", sys(dup3, fd, 6, O_CLOEXEC));
	say("its flags: %d", sys(fcntl, 6, F_GETFD, 0));
	say("dup3 with a flag that is none: %e", sys(dup3, fd, 6, O_APPEND));
	say("of no descriptor: %e, to a negative one: %e", sys(dup3, 99, 6, 0), sys(dup3, fd, -1, 0));
	say("F_DUPFD_CLOEXEC: %d", sys(fcntl, fd, F_DUPFD_CLOEXEC, 7));
	say("its flags: %d", sys(fcntl, 7, F_GETFD, 0));
	say("F_SETFD: %e", sys(fcntl, 7, F_SETFD, 0));
	say("its flags: %d", sys(fcntl, 7, F_GETFD, 0));
	say("the copy's own: %d", sys(fcntl, fd, F_GETFD, 0));
	must(sys(fcntl, fd, F_SETFL, O_NONBLOCK));
	say("status flags are shared: %d", N((sys(fcntl, 4, F_GETFL, 0) & O_NONBLOCK) != 0));
	must(sys(fcntl, fd, F_SETFL, O_WRONLY));
	say("the access mode stays: %d", sys(fcntl, fd, F_GETFL, 0) & O_ACCMODE);
	say("a command that is none: %e", sys(fcntl, fd, 9999, 0));
	say("of a path alone: F_GETFL %e", sys(fcntl, must(open_file("/", O_PATH)), F_GETFL, 0));
	say("reading it: %e, fstat: %e", sys(read, 5, limit.now, 1), sys(fchmod, 5, 0755));
	say("closed: %e", sys(close, 5));
	say("again: %e", sys(close, 5));
	say("the lowest free: %d", sys(dup, fd));
	must(sys(setrlimit, RLIMIT_NOFILE, &limit));
	say("F_DUPFD beyond the limit: %e", sys(fcntl, fd, F_DUPFD, 20));
	say("dup3 beyond it: %e", sys(dup3, fd, 20, 0));
	long last = 0;
	for (long next; (next = sys(dup, fd)) >= 0;)
		last = next;
	say("until: %d, then %e", last, sys(dup, fd));
	say("a pipe: %e", sys(pipe2, &limit, 0));
	say("close_range: %e", sys(close_range, 8, 15, 0));
	say("the lowest free: %d", sys(dup, fd));
	say("close_range the wrong way round: %e", sys(close_range, 9, 8, 0));
	say("to be closed by exec: %e", sys(close_range, 5, 5, 4));
	must(sys(dup3, fd, 6, O_CLOEXEC));
	sys(execve, argv[0], args, envp);
	return 1;
}
