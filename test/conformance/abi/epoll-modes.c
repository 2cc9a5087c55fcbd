/* epoll(7): level and edge, one shot, what may be added, and descriptors that are closed. */
#include "harness.h"

static long epoll;

static long control(int op, long fd, unsigned events)
{
	struct epoll_event e = { .events = events, .data = fd };
	return sys(epoll_ctl, epoll, op, fd, &e);
}
static void look(const char *when)
{
	struct epoll_event e[4];
	long n = sys(epoll_pwait, epoll, e, 4, 0, 0, 8);
	if (n == 1)
		say("%s: 1, events %x", when, N(e[0].events));
	else
		say("%s: %d", when, n);
}

int main(int argc, char **argv, char **envp)
{
	int fd[2];
	char text[16];
	enter_scratch();
	say("create with a flag that is none: %e", sys(epoll_create1, 1));
	epoll = must(sys(epoll_create1, EPOLL_CLOEXEC));
	must(sys(pipe2, fd, O_NONBLOCK));
	say("add: %e", control(EPOLL_CTL_ADD, fd[0], EPOLLIN));
	say("again: %e", control(EPOLL_CTL_ADD, fd[0], EPOLLIN));
	say("change of another: %e", control(EPOLL_CTL_MOD, fd[1], EPOLLOUT));
	say("removal of another: %e", control(EPOLL_CTL_DEL, fd[1], 0));
	say("itself: %e", control(EPOLL_CTL_ADD, epoll, EPOLLIN));
	say("no descriptor: %e", control(EPOLL_CTL_ADD, 99, EPOLLIN));
	say("a regular file: %e", control(EPOLL_CTL_ADD, must(open_file("f", O_CREAT | O_RDWR)), EPOLLIN));
	say("an operation that is none: %e", control(9, fd[0], 0));
	look("nothing");
	must(sys(write, fd[1], "abc", 3));
	look("level");
	look("level, again");
	must(control(EPOLL_CTL_MOD, fd[0], EPOLLIN | EPOLLET));
	look("edge");
	look("edge, again");
	must(sys(write, fd[1], "d", 1));
	look("edge, more came");
	must(sys(read, fd[0], text, 1));
	look("edge, some was read");
	must(control(EPOLL_CTL_MOD, fd[0], EPOLLIN | EPOLLONESHOT));
	look("one shot");
	must(sys(write, fd[1], "e", 1));
	look("it is over");
	must(control(EPOLL_CTL_MOD, fd[0], EPOLLIN | EPOLLONESHOT));
	look("armed again");
	must(control(EPOLL_CTL_MOD, fd[0], 0));
	sys(close, fd[1]);
	look("no events asked, the writer is gone");
	long copy = must(sys(dup, fd[0]));
	sys(close, fd[0]);
	look("one of two descriptors is closed");
	sys(close, copy);
	look("both are");
	must(sys(pipe2, fd, O_NONBLOCK));
	must(control(EPOLL_CTL_ADD, fd[0], EPOLLIN));
	must(control(EPOLL_CTL_ADD, fd[1], EPOLLOUT));
	must(sys(write, fd[1], "x", 1));
	look("two are ready");
	long outer = must(sys(epoll_create1, 0));
	long inner = epoll;
	epoll = outer;
	say("an epoll in an epoll: %e", control(EPOLL_CTL_ADD, inner, EPOLLIN));
	look("outside");
	epoll = inner;
	say("a circle: %e", control(EPOLL_CTL_ADD, outer, EPOLLIN));
	struct epoll_event e;
	say("no room: %e", sys(epoll_pwait, inner, &e, 0, 0, 0, 8));
	say("room for one: %d", sys(epoll_pwait, inner, &e, 1, 0, 0, 8));
	say("of a pipe: %e", sys(epoll_pwait, fd[0], &e, 1, 0, 0, 8));
	must(control(EPOLL_CTL_DEL, fd[1], 0));
	look("one was removed");
	return 0;
}
