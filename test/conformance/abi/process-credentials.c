/* credentials(7), capabilities(7), setresuid(2): who may become whom, and what it costs in capabilities. */
#include "harness.h"
#include <linux/securebits.h>

static void show(const char *when)
{
	unsigned uid[3], gid[3];
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];
	must(sys(getresuid, &uid[0], &uid[1], &uid[2]));
	must(sys(getresgid, &gid[0], &gid[1], &gid[2]));
	must(sys(capget, &header, data));
	say("%s: uid %d %d %d gid %d %d %d, chown: permitted %d effective %d", when, N(uid[0]), N(uid[1]), N(uid[2]), N(gid[0]),
	    N(gid[1]), N(gid[2]), N(data[0].permitted >> CAP_CHOWN & 1), N(data[0].effective >> CAP_CHOWN & 1));
}
static long set_caps(unsigned effective, unsigned permitted, unsigned inheritable)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { { effective, permitted, inheritable }, { 0, 0, 0 } };
	return sys(capset, &header, data);
}
#define in_child(name, body)              \
	do {                              \
		long pid_ = must(fork()); \
		if (pid_ == 0) {          \
			body;             \
			finish(0);        \
		}                         \
		reap(name, pid_);         \
	} while (0)

int main(int argc, char **argv, char **envp)
{
	unsigned groups[4] = { 5, 6, 7, 8 };
	show("root");
	in_child("setuid", {
		must(sys(setuid, 1000));
		show("setuid");
		say("back: %e", sys(setuid, 0));
		say("setgid: %e, setgroups: %e", sys(setgid, 5), sys(setgroups, 1, groups));
		say("to itself: %e", sys(setresuid, -1, 1000, -1));
	});
	in_child("seteuid", {
		must(sys(setresuid, -1, 1000, -1));
		show("seteuid");
		say("another's: %e", sys(setresuid, -1, 1001, -1));
		must(sys(setresuid, -1, 0, -1));
		show("back");
	});
	in_child("setreuid", {
		must(sys(setreuid, 1000, 1001));
		show("setreuid");
		say("the real one: %e", sys(setreuid, -1, 1000));
		show("now");
		say("the saved one: %e", sys(setreuid, -1, 1001));
		say("root: %e", sys(setreuid, 0, -1));
	});
	in_child("keepcaps", {
		must(sys(prctl, PR_SET_KEEPCAPS, 1, 0, 0, 0));
		must(sys(setresuid, 1000, 1000, 1000));
		show("keepcaps");
		say("raised again: %e", set_caps(1 << CAP_CHOWN, 1 << CAP_CHOWN, 0));
		show("raised");
		say("what is gone from the permitted: %e", set_caps(0, 1 << CAP_CHOWN | 1 << CAP_KILL, 0));
	});
	in_child("capset", {
		must(set_caps(0, 1 << CAP_CHOWN, 0));
		show("all but one dropped");
		say("setuid without the capability: %e", sys(setresuid, 1, 2, 3));
		say("effective without permitted: %e", set_caps(1 << CAP_KILL, 1 << CAP_CHOWN, 0));
		say("inheritable without permitted: %e", set_caps(0, 1 << CAP_CHOWN, 1 << CAP_KILL));
	});
	in_child("bounding set", {
		say("there: %d", sys(prctl, PR_CAPBSET_READ, CAP_KILL, 0, 0, 0));
		must(sys(prctl, PR_CAPBSET_DROP, CAP_KILL, 0, 0, 0));
		say("dropped: %d", sys(prctl, PR_CAPBSET_READ, CAP_KILL, 0, 0, 0));
		say("a capability that is none: %e", sys(prctl, PR_CAPBSET_READ, 99, 0, 0, 0));
	});
	in_child("fsuid", {
		say("before: %d", sys(setfsuid, 1000));
		say("after: %d", sys(setfsuid, -1));
		must(sys(setresuid, -1, 7, -1));
		say("it follows: %d", sys(setfsuid, -1));
	});
	in_child("setgid", {
		must(sys(setresuid, 1000, 1000, 1000));
		say("setresgid: %e", sys(setresgid, 5, -1, -1));
		say("to itself: %e", sys(setresgid, 0, 0, 0));
	});
	must(sys(setgroups, 4, groups));
	say("groups: %d, too little room: %e", sys(getgroups, 0, 0), sys(getgroups, 3, groups));
	say("all: %d", sys(getgroups, 4, groups));
	say("too many: %e", sys(setgroups, 65537, groups));
	struct __user_cap_header_struct old = { 1, 0 };
	say("a version that is none: %e", sys(capget, &old, 0));
	say("the one to use: %d", N(old.version == _LINUX_CAPABILITY_VERSION_3));
	return 0;
}
