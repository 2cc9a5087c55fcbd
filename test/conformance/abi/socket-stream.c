/* unix(7), socket(2), send(2): streams of the UNIX domain, from bind to the end of file. */
#include "harness.h"
#include <asm/socket.h>
#include <linux/net.h>

#define AF_UNIX 1
enum { STREAM = 1, PEEK = 2, DONTWAIT = 0x40, NOSIGNAL = 0x4000, SHUT_READ = 0, SHUT_WRITE = 1 };

static volatile int signals;

static void count(int signo)
{
	signals++;
}
static void say_poll(const char *when, long fd)
{
	struct pollfd p = { .fd = (int)fd, .events = POLLIN | POLLOUT | POLLRDHUP };
	struct { long sec, nsec; } none = { 0, 0 };
	must(sys(ppoll, &p, 1, &none, 0, 8));
	say("%s: poll %x", when, N(p.revents));
}
static long address(struct sockaddr_un *a, const char *path)
{
	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	memcpy(a->sun_path, path, length(path));
	return 2 + length(path) + 1;
}
static long connect_to(const char *path)
{
	struct sockaddr_un a;
	long size = address(&a, path);
	long fd = must(sys(socket, AF_UNIX, STREAM, 0));
	long result = sys(connect, fd, &a, size);
	if (result < 0)
		sys(close, fd);
	return result < 0 ? result : fd;
}
static long receive(long fd, char *text, long size, int flags)
{
	return sys(recvfrom, fd, text, size, flags, 0, 0);
}

int main(int argc, char **argv, char **envp)
{
	int pair[2], size, value;
	char text[64] = "";
	struct sockaddr_un a;
	struct stat st;
	enter_scratch();
	set_action(SIGPIPE, count, 0, 0);
	say("a family that is none: %e", sys(socket, 99, STREAM, 0));
	say("a type that is none: %e", sys(socket, AF_UNIX, 77, 0));
	long server = must(sys(socket, AF_UNIX, STREAM, 0));
	say("listen before bind: %e", sys(listen, server, 5));
	say("bind: %e", sys(bind, server, &a, address(&a, "name")));
	say("bind again: %e", sys(bind, server, &a, address(&a, "other")));
	must(sys(newfstatat, AT_FDCWD, "name", &st, 0));
	say("its file: %x", N(st.st_mode & S_IFMT));
	say("open: %e", open_file("name", O_RDWR));
	long second = must(sys(socket, AF_UNIX, STREAM, 0));
	say("the same name: %e", sys(bind, second, &a, address(&a, "name")));
	say("connect before listen: %e", connect_to("name"));
	say("to nobody: %e", connect_to("nobody"));
	sys(close, must(open_file("file", O_CREAT | O_RDWR)));
	say("to a file: %e", connect_to("file"));
	say("accept before listen: %e", sys(accept, server, 0, 0));
	must(sys(listen, server, 1));
	say_poll("nobody came", server);
	long client = connect_to("name");
	say("connect: %e", client);
	say_poll("somebody came", server);
	say("connect again: %e", sys(connect, client, &a, address(&a, "name")));
	must(sys(write, client, "early", 5));
	size = sizeof(a);
	long peer = must(sys(accept, server, &a, &size));
	say("the client's name: family %d, length %d", N(a.sun_family), N(size));
	size = sizeof(a);
	must(sys(getpeername, client, &a, &size));
	say("the server's: %s, length %d", a.sun_path, N(size));
	size = 4;
	say("getsockname with little room: %e", sys(getsockname, server, &a, &size));
	say("its length: %d", N(size));
	say("what was written early: %d", receive(peer, text, 64, 0));
	say("nothing more: %e", receive(peer, text, 64, DONTWAIT));
	must(sys(write, client, "abc", 3));
	must(sys(write, client, "def", 3));
	say("peek: %d", receive(peer, text, 64, PEEK));
	say("a stream has no borders: %d", receive(peer, text, 64, 0));
	say("sendto with an address: %e", sys(sendto, client, "x", 1, 0, &a, sizeof(a)));
	size = 4;
	must(sys(getsockopt, client, SOL_SOCKET, SO_TYPE, &value, &size));
	say("type: %d", N(value));
	size = 4;
	must(sys(getsockopt, server, SOL_SOCKET, SO_ACCEPTCONN, &value, &size));
	say("listens: %d", N(value));
	say("an option that is none: %e", sys(getsockopt, client, SOL_SOCKET, 9999, &value, &size));
	say("a level that is none: %e", sys(getsockopt, client, 9999, 1, &value, &size));
	say("shutdown of writing: %e", sys(shutdown, client, SHUT_WRITE));
	say("its own writing: %e", sys(write, client, "x", 1));
	say("signals: %d", N(signals));
	say("without a signal: %e", sys(sendto, client, "x", 1, NOSIGNAL, 0, 0));
	say("signals: %d", N(signals));
	say_poll("the other side", peer);
	say("reads the end: %d", receive(peer, text, 64, 0));
	say("and still writes: %d", sys(write, peer, "back", 4));
	size = sizeof(a);
	say("which arrives: %d", sys(recvfrom, client, text, 64, 0, &a, &size));
	say("from: length %d, %s", N(size), a.sun_path);
	sys(close, peer);
	say_poll("the other side is gone", client);
	say("the end: %d", receive(client, text, 64, 0));
	sys(close, client);
	say("shutdown of one that is not connected: %e", sys(shutdown, second, SHUT_READ));
	say("writing to it: %e", sys(sendto, second, "x", 1, NOSIGNAL, 0, 0));
	say("getpeername: %e", sys(getpeername, second, &a, &size));
	say("an operation of sockets on a file: %e", sys(listen, open_file("file", O_RDONLY), 1));
	must(sys(socketpair, AF_UNIX, STREAM | O_NONBLOCK, 0, pair));
	must(sys(write, pair[0], "unread", 6));
	sys(close, pair[1]);
	say("closed with something unread: %e", receive(pair[0], text, 64, 0));
	client = connect_to("name");
	sys(close, server);
	say("closed with somebody waiting: %e", receive(client, text, 64, 0));
	say("connect to the name that is left: %e", connect_to("name"));
	say("lseek: %e, pread: %e", sys(lseek, client, 0, 0), sys(pread64, client, text, 1, 0));
	return 0;
}
