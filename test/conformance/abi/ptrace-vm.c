/* process_vm_readv(2), process_vm_writev(2): copy between processes without a stop; partial to the fault. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	struct handshake ready, go;
	handshake_init(&ready);
	handshake_init(&go);
	char *pages = map_anonymous(2 * PAGE);
	memcpy(pages, "before", 6);
	must(sys(munmap, pages + PAGE, PAGE));
	long pid = must(fork());
	if (pid == 0) {
		memcpy(pages, "inside", 6);
		signal_other(&ready);
		await_other(&go);
		say("the child has %s", pages);
		finish(0);
	}
	await_other(&ready);
	char a[4] = { 0 }, b[8] = { 0 };
	struct iovec local[2] = { { a, 3 }, { b, 5 } }, remote = { pages, 6 };
	say("read %d: %s %s", sys(process_vm_readv, pid, local, 2, &remote, 1, 0), a, b);
	struct iovec out = { "OUT", 3 };
	say("written %d", sys(process_vm_writev, pid, &out, 1, &remote, 1, 0));
	char large[16];
	struct iovec into = { large, 16 }, across = { pages + PAGE - 8, 16 };
	say("to the end of what is mapped: %d", sys(process_vm_readv, pid, &into, 1, &across, 1, 0));
	struct iovec nowhere = { (void *)16, 4 };
	say("nothing there: %e", sys(process_vm_readv, pid, &into, 1, &nowhere, 1, 0));
	say("flags: %e", sys(process_vm_readv, pid, &into, 1, &remote, 1, 1));
	say("nobody: %e", sys(process_vm_readv, 999999, &into, 1, &remote, 1, 0));
	signal_other(&go);
	reap("child", pid);
	return 0;
}
