/* fifo(7): opening a FIFO for reading blocks until it is open for writing, and the other way round. */
#include "harness.h"

static struct handshake ready;

static void say_poll(const char *when, long fd)
{
	struct pollfd p = { .fd = (int)fd, .events = POLLIN | POLLOUT };
	struct { long sec, nsec; } none = { 0, 0 };
	must(sys(ppoll, &p, 1, &none, 0, 8));
	say("%s: poll %x", when, N(p.revents));
}

static void open_and_say(const char *who, int flags)
{
	signal_other(&ready);
	long fd = open_file("named", flags);
	say("%s: %e", who, fd < 0 ? fd : 0);
}

int main(int argc, char **argv, char **envp)
{
	char text[16] = "";
	struct stat st;
	enter_scratch();
	handshake_init(&ready);
	say("mknod: %e", sys(mknodat, AT_FDCWD, "named", S_IFIFO | 0640, 0));
	say("again: %e", sys(mknodat, AT_FDCWD, "named", S_IFIFO | 0640, 0));
	must(sys(newfstatat, AT_FDCWD, "named", &st, 0));
	say("type and mode: %x", N(st.st_mode));
	say("a directory: %e", sys(mknodat, AT_FDCWD, "d", S_IFDIR | 0700, 0));
	say("a symbolic link: %e", sys(mknodat, AT_FDCWD, "l", S_IFLNK | 0700, 0));
	say("a regular file: %e", sys(mknodat, AT_FDCWD, "file", 0600, 0));
	must(sys(newfstatat, AT_FDCWD, "file", &st, 0));
	say("type and mode: %x", N(st.st_mode));

	say("for writing, not waiting: %e", open_file("named", O_WRONLY | O_NONBLOCK));
	long reader = must(open_file("named", O_RDONLY | O_NONBLOCK));
	say("nobody has written: read %d", sys(read, reader, text, 8));
	say_poll("nobody has written", reader);
	long writer = must(open_file("named", O_WRONLY | O_NONBLOCK));
	say("a writer: read %e", sys(read, reader, text, 8));
	say_poll("a writer", reader);
	must(sys(write, writer, "abc", 3));
	say_poll("data", reader);
	say("data: read %d", sys(read, reader, text, 8));
	sys(close, writer);
	say("the writer is gone: read %d", sys(read, reader, text, 8));
	say_poll("the writer is gone", reader);
	sys(close, reader);

	long pid = must(fork());
	if (pid == 0) {
		open_and_say("child reads", O_RDONLY);
		finish(0);
	}
	await_other(&ready);
	await_state(pid, 'S');
	say("the child waits");
	/* That there was a writer is enough. */
	sys(close, must(open_file("named", O_WRONLY)));
	reap("child", pid);

	pid = must(fork());
	if (pid == 0) {
		open_and_say("child writes", O_WRONLY);
		finish(0);
	}
	await_other(&ready);
	await_state(pid, 'S');
	say("the child waits");
	reader = must(open_file("named", O_RDONLY | O_NONBLOCK));
	reap("child", pid);
	sys(close, reader);

	set_action(SIGUSR1, do_nothing, 0, 0);
	pid = must(fork());
	if (pid == 0) {
		open_and_say("interrupted", O_RDONLY);
		finish(0);
	}
	await_other(&ready);
	await_state(pid, 'S');
	must(sys(kill, pid, SIGUSR1));
	reap("child", pid);

	long both = must(open_file("named", O_RDWR));
	say("both ways at once: %d", sys(write, both, "x", 1));
	say("removed: %e", remove_file("named"));
	return 0;
}
