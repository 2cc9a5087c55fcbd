/** ELF64 headers, as far as the kernel reads them. Source: elf(5); linux/elf.h of Linux 6.1. */
export const ELF_HEADER_SIZE_BYTES = 64;
export const ELF_PROGRAM_HEADER_SIZE_BYTES = 56;
export const ET_EXEC = 2;
export const ET_DYN = 3;
export const EM_RISCV = 243;
export const PT_LOAD = 1;
export const PT_INTERP = 3;
export const PF_X = 1;
export const PF_W = 2;
export const PF_R = 4;
