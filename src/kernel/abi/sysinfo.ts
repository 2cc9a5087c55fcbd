/**
 * struct sysinfo. Source: linux/sysinfo.h of Linux 6.1; load averages are always 0 and have no name.
 */
export const SYSINFO_LAYOUT = {
  size: 112,
  fields: {
    uptime: [0, "s64"],
    totalram: [32, "u64"],
    freeram: [40, "u64"],
    sharedram: [48, "u64"],
    bufferram: [56, "u64"],
    totalswap: [64, "u64"],
    freeswap: [72, "u64"],
    procs: [80, "u16"],
    totalhigh: [88, "u64"],
    freehigh: [96, "u64"],
    mem_unit: [104, "u32"],
  },
} as const;
