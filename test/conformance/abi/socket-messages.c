/* unix(7): datagrams and packets keep their borders; ancillary data carries descriptors and credentials. */
#include "harness.h"
#include <asm/socket.h>

#define AF_UNIX 1
enum { DGRAM = 2, SEQPACKET = 5, DONTWAIT = 0x40, CLOEXEC = 0x40000000, TRUNC = 0x20, CTRUNC = 8, RIGHTS = 1, CREDENTIALS = 2 };

struct message {
	void *name;
	int name_size;
	struct iovec *iov;
	unsigned long iov_count;
	void *control;
	unsigned long control_size;
	unsigned flags;
};
struct control {
	unsigned long size;
	int level, type;
	int data[8];
};

static long address(struct sockaddr_un *a, const char *path)
{
	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	memcpy(a->sun_path, path, length(path));
	return 2 + length(path) + 1;
}
static long send(long fd, const char *text, struct control *c)
{
	struct iovec iov = { (void *)text, length(text) };
	struct message m = { .iov = &iov, .iov_count = 1, .control = c, .control_size = c ? c->size : 0 };
	return sys(sendmsg, fd, &m, 0);
}
/* Receives into `size` bytes, with `room` for ancillary data, and says what came. */
static void get(const char *who, long fd, long size, struct control *c, long room, int flags)
{
	char text[64] = "";
	struct sockaddr_un from;
	struct iovec iov = { text, size };
	struct message m = { .name = &from, .name_size = sizeof(from), .iov = &iov, .iov_count = 1, .control = c, .control_size = room };
	memset(&from, 0, sizeof(from));
	long got = sys(recvmsg, fd, &m, flags | DONTWAIT);
	if (got < 0)
		say("%s: %e", who, got);
	else
		say("%s: %d %s, flags %x, control %d, from %d %s", who, got, text, N(m.flags), N(m.control_size), N(m.name_size), from.sun_path);
}

int main(int argc, char **argv, char **envp)
{
	int pair[2], one = 1;
	struct sockaddr_un a;
	struct control c, back;
	struct stat st;
	enter_scratch();
	long box = must(sys(socket, AF_UNIX, DGRAM, 0));
	must(sys(bind, box, &a, address(&a, "box")));
	long from = must(sys(socket, AF_UNIX, DGRAM, 0));
	say("without an address: %e", sys(write, from, "x", 1));
	say("to nobody: %e", sys(sendto, from, "x", 1, 0, &a, address(&a, "nobody")));
	say("sendto: %d", sys(sendto, from, "first", 5, 0, &a, address(&a, "box")));
	must(sys(bind, from, &a, address(&a, "sender")));
	say("sendto: %d", sys(sendto, from, "second", 6, 0, &a, address(&a, "box")));
	say("an empty one: %d", sys(sendto, from, "", 0, 0, &a, address(&a, "box")));
	get("one at a time", box, 64, 0, 0, 0);
	get("cut", box, 3, 0, 0, 0);
	get("the empty one", box, 64, 0, 0, 0);
	get("nothing", box, 64, 0, 0, 0);
	say("connect: %e", sys(connect, from, &a, address(&a, "box")));
	say("write: %d", sys(write, from, "third", 5));
	get("TRUNC", box, 2, 0, 0, TRUNC);
	say("listen: %e", sys(listen, box, 1));
	say("accept: %e", sys(accept, box, 0, 0));
	sys(close, box);
	say("to one that is gone: %e", sys(write, from, "x", 1));

	must(sys(socketpair, AF_UNIX, SEQPACKET, 0, pair));
	must(sys(write, pair[0], "one", 3));
	must(sys(write, pair[0], "two", 3));
	get("packets", pair[1], 64, 0, 0, 0);
	get("cut", pair[1], 2, 0, 0, 0);

	long file = must(open_file("file", O_CREAT | O_RDWR));
	must(sys(write, file, "inside", 6));
	c = (struct control){ 20, SOL_SOCKET, RIGHTS, { (int)file } };
	say("a descriptor: %d", send(pair[0], "fd", &c));
	memset(&back, 0, sizeof(back));
	get("received", pair[1], 64, &back, sizeof(back), 0);
	say("control: size %d level %d type %d", N(back.size), N(back.level), N(back.type));
	say("another number: %d", N(back.data[0] != file));
	say("the same offset: %d", sys(lseek, back.data[0], 0, 1));
	say("closes on exec: %d", sys(fcntl, back.data[0], F_GETFD, 0));
	sys(close, back.data[0]);
	must(send(pair[0], "fd", &c));
	get("CLOEXEC", pair[1], 64, &back, sizeof(back), CLOEXEC);
	say("closes on exec: %d", sys(fcntl, back.data[0], F_GETFD, 0));
	must(send(pair[0], "fd", &c));
	get("no room", pair[1], 64, 0, 0, 0);
	must(send(pair[0], "fd", &c));
	get("little room", pair[1], 64, &back, 16, 0);
	c.data[0] = 99;
	say("no descriptor: %e", send(pair[0], "fd", &c));
	c = (struct control){ 200, SOL_SOCKET, RIGHTS, { (int)file } };
	say("a size that is too large: %e", send(pair[0], "fd", &c));
	c = (struct control){ 20, SOL_SOCKET, 77, { (int)file } };
	say("a type that is none: %e", send(pair[0], "fd", &c));

	must(sys(setsockopt, pair[1], SOL_SOCKET, SO_PASSCRED, &one, 4));
	must(sys(write, pair[0], "who", 3));
	get("PASSCRED", pair[1], 64, &back, sizeof(back), 0);
	say("type %d: pid %d uid %d gid %d", N(back.type), N(back.data[0] == self()), N(back.data[1]), N(back.data[2]));
	c = (struct control){ 28, SOL_SOCKET, CREDENTIALS, { 1, 7, 8 } };
	say("root says that it is another: %d", send(pair[0], "liar", &c));
	get("and is believed", pair[1], 64, &back, sizeof(back), 0);
	say("pid %d uid %d gid %d", N(back.data[0]), N(back.data[1]), N(back.data[2]));
	return 0;
}
