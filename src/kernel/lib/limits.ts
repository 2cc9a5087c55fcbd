/**
 * Every bound of the machine, with its unit last in the name; hitting one is an errno where Linux
 * has one, and a `limit` event. After xv6's kernel/param.h; Linux's own figure is named where
 * it is the same.
 */

/** Linux: NAME_MAX of <linux/limits.h>. */
export const NAME_LENGTH_MAX_BYTES = 255;
/** Linux: PATH_MAX, with the closing NUL. */
export const PATH_LENGTH_MAX_BYTES = 4096;
/** Linux: MAXSYMLINKS in fs/namei.c. */
export const SYMLINKS_FOLLOWED_MAX = 40;
/** Linux: the default soft RLIMIT_NOFILE. */
export const OPEN_FILES_MAX = 1024;
/** Linux: 16 pages, PIPE_DEF_BUFFERS. */
export const PIPE_CAPACITY_BYTES = 65536;
/** Linux: fs.pipe-max-size; more needs CAP_SYS_RESOURCE. */
export const PIPE_SIZE_MAX_BYTES = 1024 * 1024;
/** Linux: PIPE_BUF; a write of up to this much is atomic. */
export const PIPE_ATOMIC_MAX_BYTES = 4096;
/** EFBIG past this; Linux: MAX_LFS_FILESIZE, far more. */
export const FILE_SIZE_MAX_BYTES = 64 * 1024 * 1024;
/** ENOSPC when all files together hold more; as the size= option of tmpfs. */
export const FILE_SYSTEM_SIZE_MAX_BYTES = 256 * 1024 * 1024;
/** ENOSPC past this many inodes; as the nr_inodes= option of tmpfs. */
export const FILE_SYSTEM_INODES_MAX = 65536;
/** EMLINK past this; ext4's figure. */
export const LINKS_MAX = 65000;
/** Linux: N_TTY_BUF_SIZE; typed input past it is dropped. */
export const TTY_INPUT_MAX_BYTES = 4096;
/** Linux: UIO_MAXIOV; the most buffers one readv or writev may name. */
export const IO_VECTORS_MAX = 1024;
/** A single read or write moves no more; Linux: MAX_RW_COUNT. */
export const TRANSFER_MAX_BYTES = 0x7ffff000;
/** All of a machine's memory: 2 GiB in 4 KiB frames. */
export const PHYSICAL_FRAMES_MAX = 524_288;
/** Linux: DEFAULT_MAX_MAP_COUNT; regions of one address space. */
export const MAPPINGS_MAX = 65_530;
/** Linux: PID_MAX_DEFAULT. */
export const PIDS_MAX = 32_768;
/** Linux: the default soft RLIMIT_STACK. */
export const STACK_SIZE_MAX_BYTES = 8 * 1024 * 1024;
/** Linux: MAX_ARG_STRLEN; the longest single argument of execve. */
export const ARGUMENT_LENGTH_MAX_BYTES = 131_072;
/** Arguments and environment of one execve together; Linux allows a quarter of the stack. */
export const ARGUMENTS_SIZE_MAX_BYTES = 2 * 1024 * 1024;
/** Queued signals of one user; Linux: the default RLIMIT_SIGPENDING follows memory. */
export const SIGNALS_QUEUED_MAX = 1024;
/** Linux: NGROUPS_MAX. */
export const GROUPS_MAX = 65536;
/** Linux: the default net.core.wmem_max; what a socket's inbox holds. */
export const SOCKET_BUFFER_MAX_BYTES = 212_992;
/** A stream socket takes no more from one call; Linux: MAX_RW_COUNT. */
export const SOCKET_SEND_MAX_BYTES = 16 * 1024 * 1024;
/** Linux: net.core.optmem_max; the control messages of one sendmsg. */
export const CONTROL_SIZE_MAX_BYTES = 20_480;
/** Linux: EP_MAX_NESTS. */
export const EPOLL_NESTS_MAX = 4;
/** Linux: net.unix.max_dgram_qlen. */
export const SOCKET_DATAGRAMS_MAX = 10;
/** Linux: net.core.somaxconn. */
export const SOCKET_BACKLOG_MAX = 4096;
/** Linux: BINPRM recursion of interpreters, `#!` naming a `#!`. */
export const INTERPRETERS_MAX = 4;
/** Lines the kernel log remembers; Linux's is 128 KiB (LOG_BUF_SHIFT 17). */
export const KERNEL_LOG_LINES_MAX = 2048;
/** All of kernel memory; past it kmalloc answers NULL. */
export const KERNEL_HEAP_MAX_BYTES = 128 * 1024 * 1024;
/** Linux: KMALLOC_MAX_SIZE. */
export const KMALLOC_MAX_BYTES = 4 * 1024 * 1024;
/** Freed kernel memory that is kept unused, so that a late access is seen; KASAN's is a 1/32 of memory. */
export const QUARANTINE_MAX_BYTES = 4 * 1024 * 1024;
/** Frames on a kernel stack; Linux's 16 KiB hold about as many of 64 bytes. */
export const KERNEL_STACK_FRAMES_MAX = 256;
/** A module file; past it init_module answers E2BIG. */
export const MODULE_SIZE_MAX_BYTES = 1024 * 1024;
/** Nesting of statements and expressions in module text; deeper is refused. */
export const MODULE_NESTING_MAX = 400;
/** Of that, what is for the kernel's own needs alone; Linux: vm.min_free_kbytes. */
export const KERNEL_RESERVE_BYTES = 16 * 1024 * 1024;
/** kmalloc answers NULL past this much live memory: a module that hoards runs out, not the host. */
export const KERNEL_ALLOCATION_MAX_BYTES = 64 * 1024 * 1024;
/** One read of /dev/zero or /dev/urandom moves no more. */
export const DEVICE_READ_MAX_BYTES = 1024 * 1024;
/** System calls copy user memory in and out in pieces of this size. */
export const COPY_CHUNK_BYTES = 1024 * 1024;
/** One copy out of user memory moves no more: EFAULT. */
export const COPY_MAX_BYTES = 256 * 1024 * 1024;
/** Loop heads and function entries of tree and module code in one entry to the kernel: past it, a soft lockup. */
export const FUEL_STEPS = 20_000_000;
/** Steps that a call into the core takes: each may leave a line in the record, which has to have an end. */
export const PORT_CALL_STEPS = 16;
/** Steps that a line of the kernel log takes: a console is slow, and the record of it has an end. */
export const PRINTK_LINE_STEPS = 200;
/** Bytes of one printk; Linux: printk_buf. */
export const PRINTK_MAX_BYTES = 1024;
/** Steps that making a file takes. */
export const FILE_STEPS = 2000;
/** Instructions that the bytecode verifier walks before it says "too large"; Linux: a million. */
export const BPF_COMPLEXITY_MAX = 200_000;
/** States that it keeps at one place of a program to compare others with. */
export const BPF_STATES_KEPT_MAX = 64;
/** Slots of one program; Linux: a million for who may do everything. */
export const BPF_PROGRAM_SLOTS_MAX = 65_536;
