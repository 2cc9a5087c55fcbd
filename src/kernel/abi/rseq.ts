/** rseq(2): restartable sequences. Source: linux/rseq.h of Linux 6.1. */
export const RSEQ_FLAG_UNREGISTER = 1;

/** struct rseq: cpu_id_start u32, cpu_id u32, rseq_cs u64, flags u32; aligned to its size. */
export const RSEQ_SIZE_BYTES = 32;
export const RSEQ_CPU_ID_UNINITIALIZED = -1;
export const RSEQ_CS_OFFSET = 8;

/** struct rseq_cs: version u32, flags u32, start_ip u64, post_commit_offset u64, abort_ip u64. */
export const RSEQ_CS_SIZE_BYTES = 32;
