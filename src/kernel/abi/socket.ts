/**
 * Sockets: domains, types, flags, options and structures.
 *
 * Source: linux/socket.h, asm-generic/socket.h and linux/un.h of Linux 6.1.
 */
export const AF_UNSPEC = 0;
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;

export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_SEQPACKET = 5;
export const SOCK_TYPE_MASK = 0xf;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;

export const MSG_PEEK = 0x2;
export const MSG_CTRUNC = 0x8;
export const MSG_TRUNC = 0x20;
export const MSG_DONTWAIT = 0x40;
export const MSG_EOR = 0x80;
export const MSG_WAITALL = 0x100;
export const MSG_NOSIGNAL = 0x4000;
export const MSG_CMSG_CLOEXEC = 0x40000000;

export const SHUT_RD = 0;
export const SHUT_WR = 1;
export const SHUT_RDWR = 2;

export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_TYPE = 3;
export const SO_ERROR = 4;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_KEEPALIVE = 9;
export const SO_PASSCRED = 16;
export const SO_PEERCRED = 17;
export const SO_ACCEPTCONN = 30;
export const SO_PROTOCOL = 38;
export const SO_DOMAIN = 39;
export const SCM_RIGHTS = 1;
export const SCM_CREDENTIALS = 2;
/** Most descriptors of one SCM_RIGHTS message. */
export const SCM_MAX_FD = 253;

/** struct sockaddr_un: sa_family, then up to this many bytes of sun_path. */
export const UNIX_PATH_MAX = 108;
export const SUN_PATH_OFFSET = 2;

/** struct msghdr. */
export const MSGHDR_LAYOUT = {
  size: 56,
  fields: {
    msg_name: [0, "u64"],
    msg_namelen: [8, "s32"],
    msg_iov: [16, "u64"],
    msg_iovlen: [24, "u64"],
    msg_control: [32, "u64"],
    msg_controllen: [40, "u64"],
    msg_flags: [48, "s32"],
  },
} as const;

/** struct cmsghdr, its data after it; each is aligned to 8 bytes. */
export const CMSGHDR_LAYOUT = {
  size: 16,
  fields: { cmsg_len: [0, "u64"], cmsg_level: [8, "s32"], cmsg_type: [12, "s32"] },
} as const;

/** struct ucred. */
export const UCRED_LAYOUT = {
  size: 12,
  fields: { pid: [0, "s32"], uid: [4, "u32"], gid: [8, "u32"] },
} as const;
