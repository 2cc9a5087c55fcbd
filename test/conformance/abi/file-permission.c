/* path_resolution(7), chmod(2), chown(2), access(2): who may do what to a file. */
#include "harness.h"

static long try_open(const char *name, int flags)
{
	long fd = open_file(name, flags);
	if (fd >= 0)
		sys(close, fd);
	return fd < 0 ? fd : 0;
}
static void make(const char *name, long mode, long uid, long gid)
{
	sys(close, must(open_file(name, O_CREAT | O_WRONLY)));
	must(sys(fchownat, AT_FDCWD, name, uid, gid, 0));
	must(sys(fchmodat, AT_FDCWD, name, mode));
}
static void show(const char *name)
{
	struct stat st;
	must(sys(newfstatat, AT_FDCWD, name, &st, 0));
	say("  %s: mode %x uid %d gid %d", name, N(st.st_mode), N(st.st_uid), N(st.st_gid));
}
static void as_user(void)
{
	unsigned groups[] = { 50 };
	must(sys(setgroups, 1, groups));
	must(sys(setresgid, 1000, 1000, 1000));
	must(sys(setresuid, 1000, 1000, 1000));
	say("another's: read %e, write %e", try_open("secret", O_RDONLY), try_open("secret", O_WRONLY));
	say("our group's: read %e, write %e", try_open("shared", O_RDONLY), try_open("shared", O_WRONLY));
	say("ours without any right: %e", try_open("mine", O_RDONLY));
	say("chmod of ours: %e", sys(fchmodat, AT_FDCWD, "mine", 02700));
	show("mine");
	say("chmod of another's: %e", sys(fchmodat, AT_FDCWD, "secret", 0777));
	say("chown: %e, to a group of ours: %e", sys(fchownat, AT_FDCWD, "mine", 0, -1, 0), sys(fchownat, AT_FDCWD, "mine", -1, 50, 0));
	show("mine");
	say("to a foreign group: %e", sys(fchownat, AT_FDCWD, "mine", -1, 7, 0));
	must(sys(fchmodat, AT_FDCWD, "mine", 06755));
	show("mine");
	must(sys(fchownat, AT_FDCWD, "mine", -1, 1000, 0));
	show("mine");
	must(sys(fchmodat, AT_FDCWD, "mine", 06755));
	long fd = must(open_file("mine", O_WRONLY));
	must(sys(write, fd, "x", 1));
	show("mine");
	must(sys(fchmodat, AT_FDCWD, "foreign", 02755));
	show("foreign");
	say("no search: %e", try_open("closed/f", O_RDONLY));
	say("no search, dot dot: %e", sys(faccessat, AT_FDCWD, "closed/..", 0));
	say("no reading: %e, but by name: %e", try_open("dark", O_RDONLY | O_DIRECTORY), try_open("dark/f", O_RDONLY));
	say("a new file: %e", try_open("new", O_CREAT | O_WRONLY));
	say("in a sticky directory: new %e", try_open("sticky/mine", O_CREAT | O_WRONLY));
	say("ours away: %e, another's away: %e", remove_file("sticky/mine"), remove_file("sticky/f"));
	say("TRUNC of what we may only read: %e", try_open("shared", O_RDONLY | O_TRUNC));
	say("utimensat to now: %e", sys(utimensat, AT_FDCWD, "shared", 0, 0));
	say("NOATIME of another's: %e", try_open("shared", O_RDONLY | O_NOATIME));
	say("X_OK of a file without: %e", sys(faccessat, AT_FDCWD, "shared", 1));
	finish(0);
}

int main(int argc, char **argv, char **envp)
{
	sys(umask, 022);
	enter_scratch();
	must(sys(fchmodat, AT_FDCWD, ".", 0755));
	make("secret", 0600, 0, 0);
	make("shared", 0640, 0, 50);
	make("mine", 0000, 1000, 1000);
	make("foreign", 0600, 1000, 7);
	must(sys(mkdirat, AT_FDCWD, "closed", 0700));
	must(sys(mkdirat, AT_FDCWD, "dark", 0711));
	must(sys(mkdirat, AT_FDCWD, "sticky", 0755));
	must(sys(fchmodat, AT_FDCWD, "sticky", 01777));
	make("closed/f", 0644, 0, 0);
	make("dark/f", 0644, 0, 0);
	make("sticky/f", 0644, 0, 0);
	make("program", 0, 0, 0);
	say("root, no bits: read %e, execute %e", sys(faccessat, AT_FDCWD, "program", 4), sys(faccessat, AT_FDCWD, "program", 1));
	must(sys(fchmodat, AT_FDCWD, "program", 04711));
	long fd = must(open_file("program", O_WRONLY));
	must(sys(write, fd, "x", 1));
	show("program");
	must(sys(fchmodat, AT_FDCWD, "program", 06711));
	must(sys(fchownat, AT_FDCWD, "program", 1, 1, 0));
	show("program");
	say("access with a mode that is none: %e", sys(faccessat, AT_FDCWD, "program", 8));
	long pid = must(fork());
	if (pid == 0)
		as_user();
	reap("child", pid);
	return 0;
}
