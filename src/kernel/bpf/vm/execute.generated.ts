/**
 * Generated from the instruction table by `npm run bpf`; do not edit. Types are not checked here:
 * every access to a typed array is in range by construction.
 */
// @ts-nocheck
import { divide, divideUnsigned, remainder, remainderUnsigned } from "../../hw/hart/arithmetic.ts";
import type { BpfMachine } from "./machine.ts";
import { addressIn as address, SCRATCH, swapWord } from "./registers.ts";

/** Runs prepared instructions from the first one to an exit; answers the low half of r0. */
export function execute(vm: BpfMachine, limit: number): number {
  const { x, ops, memory, helpers, probe } = vm;
  const t = SCRATCH;
  let executed = 0;
  for (let ip = 0; ; ) {
    if (++executed > limit) vm.runAway();
    const code = ops[ip], d = ops[ip + 1], s = ops[ip + 2], to = ops[ip + 3];
    ip += 4;
    switch (code) {
      case 0: { // add64
        const low = (x[d] >>> 0) + (x[s] >>> 0);
        x[d + 1] = x[d + 1] + x[s + 1] + (low >= 4294967296 ? 1 : 0); x[d] = low;
        continue;
      }
      case 1: { // add32
        x[d] = x[d] + x[s]; x[d + 1] = 0;
        continue;
      }
      case 2: { // sub64
        const low = (x[d] >>> 0) - (x[s] >>> 0);
        x[d + 1] = x[d + 1] - x[s + 1] - (low < 0 ? 1 : 0); x[d] = low;
        continue;
      }
      case 3: { // sub32
        x[d] = x[d] - x[s]; x[d + 1] = 0;
        continue;
      }
      case 4: { // mul64
        const a = x[d] >>> 0, b = x[s] >>> 0, low = Math.imul(a, b);
        const cross = (Math.imul(x[d + 1], b) + Math.imul(a, x[s + 1])) | 0;
        x[d] = low; x[d + 1] = Math.floor((a * b - (low >>> 0)) / 4294967296 + 0.5) + cross;
        continue;
      }
      case 5: { // mul32
        x[d] = Math.imul(x[d], x[s]); x[d + 1] = 0;
        continue;
      }
      case 6: { // div64
        if ((x[s] | x[s + 1]) === 0) { x[d] = 0; x[d + 1] = 0; } else divideUnsigned(x, d, d, s);
        continue;
      }
      case 7: { // div32
        x[d] = x[s] === 0 ? 0 : (x[d] >>> 0) / (x[s] >>> 0); x[d + 1] = 0;
        continue;
      }
      case 8: { // sdiv64
        if ((x[s] | x[s + 1]) === 0) { x[d] = 0; x[d + 1] = 0; } else divide(x, d, d, s);
        continue;
      }
      case 9: { // sdiv32
        x[d] = x[s] === 0 ? 0 : x[d] / x[s]; x[d + 1] = 0;
        continue;
      }
      case 10: { // or64
        x[d] |= x[s]; x[d + 1] |= x[s + 1];
        continue;
      }
      case 11: { // or32
        x[d] = x[d] | x[s]; x[d + 1] = 0;
        continue;
      }
      case 12: { // and64
        x[d] &= x[s]; x[d + 1] &= x[s + 1];
        continue;
      }
      case 13: { // and32
        x[d] = x[d] & x[s]; x[d + 1] = 0;
        continue;
      }
      case 14: { // lsh64
        const by = x[s] & 63, low = x[d], high = x[d + 1];
        if (by >= 32) { x[d + 1] = low << (by - 32); x[d] = 0; } else if (by > 0) { x[d + 1] = (high << by) | (low >>> (32 - by)); x[d] = low << by; }
        continue;
      }
      case 15: { // lsh32
        x[d] = x[d] << x[s]; x[d + 1] = 0;
        continue;
      }
      case 16: { // rsh64
        const by = x[s] & 63, low = x[d], high = x[d + 1];
        if (by >= 32) { x[d] = high >>> (by - 32); x[d + 1] = 0; } else if (by > 0) { x[d] = (low >>> by) | (high << (32 - by)); x[d + 1] = high >>> by; }
        continue;
      }
      case 17: { // rsh32
        x[d] = x[d] >>> x[s]; x[d + 1] = 0;
        continue;
      }
      case 18: { // neg64
        x[d + 1] = -x[d + 1] - (x[d] === 0 ? 0 : 1); x[d] = -x[d];
        continue;
      }
      case 19: { // neg32
        x[d] = -x[d]; x[d + 1] = 0;
        continue;
      }
      case 20: { // mod64
        remainderUnsigned(x, d, d, s);
        continue;
      }
      case 21: { // mod32
        x[d] = x[s] === 0 ? x[d] : (x[d] >>> 0) % (x[s] >>> 0); x[d + 1] = 0;
        continue;
      }
      case 22: { // smod64
        remainder(x, d, d, s);
        continue;
      }
      case 23: { // smod32
        x[d] = x[s] === 0 ? x[d] : x[d] % x[s]; x[d + 1] = 0;
        continue;
      }
      case 24: { // xor64
        x[d] ^= x[s]; x[d + 1] ^= x[s + 1];
        continue;
      }
      case 25: { // xor32
        x[d] = x[d] ^ x[s]; x[d + 1] = 0;
        continue;
      }
      case 26: { // mov64
        x[d + 1] = x[s + 1]; x[d] = x[s];
        continue;
      }
      case 27: { // mov32
        x[d] = x[s]; x[d + 1] = 0;
        continue;
      }
      case 28: { // movsx864
        const low = (x[s] << 24) >> 24; x[d] = low; x[d + 1] = low >> 31;
        continue;
      }
      case 29: { // movsx832
        x[d] = (x[s] << 24) >> 24; x[d + 1] = 0;
        continue;
      }
      case 30: { // movsx1664
        const low = (x[s] << 16) >> 16; x[d] = low; x[d + 1] = low >> 31;
        continue;
      }
      case 31: { // movsx1632
        x[d] = (x[s] << 16) >> 16; x[d + 1] = 0;
        continue;
      }
      case 32: { // movsx3264
        const low = (x[s] << 0) >> 0; x[d] = low; x[d + 1] = low >> 31;
        continue;
      }
      case 33: { // arsh64
        const by = x[s] & 63, low = x[d], high = x[d + 1];
        if (by >= 32) { x[d] = high >> (by - 32); x[d + 1] = high >> 31; } else if (by > 0) { x[d] = (low >>> by) | (high << (32 - by)); x[d + 1] = high >> by; }
        continue;
      }
      case 34: { // arsh32
        x[d] = x[d] >> x[s]; x[d + 1] = 0;
        continue;
      }
      case 35: { // le16
        x[d] &= 0xffff; x[d + 1] = 0;
        continue;
      }
      case 36: { // le32
        x[d + 1] = 0;
        continue;
      }
      case 37: { // le64
        continue;
      }
      case 38: { // be16
        x[d] = swapWord(x[d]) >>> 16; x[d + 1] = 0;
        continue;
      }
      case 39: { // be32
        x[d] = swapWord(x[d]); x[d + 1] = 0;
        continue;
      }
      case 40: { // be64
        const low = swapWord(x[d + 1]); x[d + 1] = swapWord(x[d]); x[d] = low;
        continue;
      }
      case 41: { // bswap16
        x[d] = swapWord(x[d]) >>> 16; x[d + 1] = 0;
        continue;
      }
      case 42: { // bswap32
        x[d] = swapWord(x[d]); x[d + 1] = 0;
        continue;
      }
      case 43: { // bswap64
        const low = swapWord(x[d + 1]); x[d + 1] = swapWord(x[d]); x[d] = low;
        continue;
      }
      case 44: { // jeq64
        if (x[d] === x[s] && x[d + 1] === x[s + 1]) ip = to;
        continue;
      }
      case 45: { // jeq32
        if (x[d] === x[s]) ip = to;
        continue;
      }
      case 46: { // jgt64
        if (x[d + 1] === x[s + 1] ? x[d] >>> 0 > x[s] >>> 0 : x[d + 1] >>> 0 > x[s + 1] >>> 0) ip = to;
        continue;
      }
      case 47: { // jgt32
        if (x[d] >>> 0 > x[s] >>> 0) ip = to;
        continue;
      }
      case 48: { // jge64
        if (x[d + 1] === x[s + 1] ? x[d] >>> 0 >= x[s] >>> 0 : x[d + 1] >>> 0 >= x[s + 1] >>> 0) ip = to;
        continue;
      }
      case 49: { // jge32
        if (x[d] >>> 0 >= x[s] >>> 0) ip = to;
        continue;
      }
      case 50: { // jset64
        if (((x[d] & x[s]) | (x[d + 1] & x[s + 1])) !== 0) ip = to;
        continue;
      }
      case 51: { // jset32
        if ((x[d] & x[s]) !== 0) ip = to;
        continue;
      }
      case 52: { // jne64
        if (!(x[d] === x[s] && x[d + 1] === x[s + 1])) ip = to;
        continue;
      }
      case 53: { // jne32
        if (x[d] !== x[s]) ip = to;
        continue;
      }
      case 54: { // jsgt64
        if (x[d + 1] === x[s + 1] ? x[d] >>> 0 > x[s] >>> 0 : x[d + 1] > x[s + 1]) ip = to;
        continue;
      }
      case 55: { // jsgt32
        if (x[d] > x[s]) ip = to;
        continue;
      }
      case 56: { // jsge64
        if (x[d + 1] === x[s + 1] ? x[d] >>> 0 >= x[s] >>> 0 : x[d + 1] >= x[s + 1]) ip = to;
        continue;
      }
      case 57: { // jsge32
        if (x[d] >= x[s]) ip = to;
        continue;
      }
      case 58: { // jlt64
        if (x[d + 1] === x[s + 1] ? x[d] >>> 0 < x[s] >>> 0 : x[d + 1] >>> 0 < x[s + 1] >>> 0) ip = to;
        continue;
      }
      case 59: { // jlt32
        if (x[d] >>> 0 < x[s] >>> 0) ip = to;
        continue;
      }
      case 60: { // jle64
        if (x[d + 1] === x[s + 1] ? x[d] >>> 0 <= x[s] >>> 0 : x[d + 1] >>> 0 <= x[s + 1] >>> 0) ip = to;
        continue;
      }
      case 61: { // jle32
        if (x[d] >>> 0 <= x[s] >>> 0) ip = to;
        continue;
      }
      case 62: { // jslt64
        if (x[d + 1] === x[s + 1] ? x[d] >>> 0 < x[s] >>> 0 : x[d + 1] < x[s + 1]) ip = to;
        continue;
      }
      case 63: { // jslt32
        if (x[d] < x[s]) ip = to;
        continue;
      }
      case 64: { // jsle64
        if (x[d + 1] === x[s + 1] ? x[d] >>> 0 <= x[s] >>> 0 : x[d + 1] <= x[s + 1]) ip = to;
        continue;
      }
      case 65: { // jsle32
        if (x[d] <= x[s]) ip = to;
        continue;
      }
      case 66: { // load u8
        const at = address(x, s) + to; x[d] = memory.u8(at); x[d + 1] = 0;
        continue;
      }
      case 67: { // load signed u8
        const at = address(x, s) + to; const low = (memory.u8(at) << 24) >> 24; x[d] = low; x[d + 1] = low >> 31;
        continue;
      }
      case 68: { // store u8
        const at = address(x, d) + to; memory.store8(at, x[s] & 0xff);
        continue;
      }
      case 69: { // load u16
        const at = address(x, s) + to; x[d] = memory.u16(at); x[d + 1] = 0;
        continue;
      }
      case 70: { // load signed u16
        const at = address(x, s) + to; const low = (memory.u16(at) << 16) >> 16; x[d] = low; x[d + 1] = low >> 31;
        continue;
      }
      case 71: { // store u16
        const at = address(x, d) + to; memory.store16(at, x[s] & 0xffff);
        continue;
      }
      case 72: { // load u32
        const at = address(x, s) + to; x[d] = memory.i32(at); x[d + 1] = 0;
        continue;
      }
      case 73: { // load signed u32
        const at = address(x, s) + to; const low = memory.i32(at); x[d] = low; x[d + 1] = low >> 31;
        continue;
      }
      case 74: { // store u32
        const at = address(x, d) + to; memory.store32(at, x[s]);
        continue;
      }
      case 75: { // load u64
        const at = address(x, s) + to; const low = memory.i32(at); x[d + 1] = memory.i32(at + 4); x[d] = low;
        continue;
      }
      case 76: { // store u64
        const at = address(x, d) + to; memory.store32(at, x[s]); memory.store32(at + 4, x[s + 1]);
        continue;
      }
      case 77: { // atomic add u32
        const at = address(x, d) + to; x[t] = memory.i32(at); x[t + 1] = 0; const old = x[t], oldHigh = x[t + 1]; { x[t] = x[t] + x[s]; x[t + 1] = 0; memory.store32(at, x[t]); }
        continue;
      }
      case 78: { // atomic add u64
        const at = address(x, d) + to; const low = memory.i32(at); x[t + 1] = memory.i32(at + 4); x[t] = low; const old = x[t], oldHigh = x[t + 1]; { const low = (x[t] >>> 0) + (x[s] >>> 0);
        x[t + 1] = x[t + 1] + x[s + 1] + (low >= 4294967296 ? 1 : 0); x[t] = low; memory.store32(at, x[t]); memory.store32(at + 4, x[t + 1]); }
        continue;
      }
      case 79: { // atomic fetch_add u32
        const at = address(x, d) + to; x[t] = memory.i32(at); x[t + 1] = 0; const old = x[t], oldHigh = x[t + 1]; { x[t] = x[t] + x[s]; x[t + 1] = 0; memory.store32(at, x[t]); } x[s] = old; x[s + 1] = oldHigh;
        continue;
      }
      case 80: { // atomic fetch_add u64
        const at = address(x, d) + to; const low = memory.i32(at); x[t + 1] = memory.i32(at + 4); x[t] = low; const old = x[t], oldHigh = x[t + 1]; { const low = (x[t] >>> 0) + (x[s] >>> 0);
        x[t + 1] = x[t + 1] + x[s + 1] + (low >= 4294967296 ? 1 : 0); x[t] = low; memory.store32(at, x[t]); memory.store32(at + 4, x[t + 1]); } x[s] = old; x[s + 1] = oldHigh;
        continue;
      }
      case 81: { // atomic or u32
        const at = address(x, d) + to; x[t] = memory.i32(at); x[t + 1] = 0; const old = x[t], oldHigh = x[t + 1]; { x[t] = x[t] | x[s]; x[t + 1] = 0; memory.store32(at, x[t]); }
        continue;
      }
      case 82: { // atomic or u64
        const at = address(x, d) + to; const low = memory.i32(at); x[t + 1] = memory.i32(at + 4); x[t] = low; const old = x[t], oldHigh = x[t + 1]; { x[t] |= x[s]; x[t + 1] |= x[s + 1]; memory.store32(at, x[t]); memory.store32(at + 4, x[t + 1]); }
        continue;
      }
      case 83: { // atomic fetch_or u32
        const at = address(x, d) + to; x[t] = memory.i32(at); x[t + 1] = 0; const old = x[t], oldHigh = x[t + 1]; { x[t] = x[t] | x[s]; x[t + 1] = 0; memory.store32(at, x[t]); } x[s] = old; x[s + 1] = oldHigh;
        continue;
      }
      case 84: { // atomic fetch_or u64
        const at = address(x, d) + to; const low = memory.i32(at); x[t + 1] = memory.i32(at + 4); x[t] = low; const old = x[t], oldHigh = x[t + 1]; { x[t] |= x[s]; x[t + 1] |= x[s + 1]; memory.store32(at, x[t]); memory.store32(at + 4, x[t + 1]); } x[s] = old; x[s + 1] = oldHigh;
        continue;
      }
      case 85: { // atomic and u32
        const at = address(x, d) + to; x[t] = memory.i32(at); x[t + 1] = 0; const old = x[t], oldHigh = x[t + 1]; { x[t] = x[t] & x[s]; x[t + 1] = 0; memory.store32(at, x[t]); }
        continue;
      }
      case 86: { // atomic and u64
        const at = address(x, d) + to; const low = memory.i32(at); x[t + 1] = memory.i32(at + 4); x[t] = low; const old = x[t], oldHigh = x[t + 1]; { x[t] &= x[s]; x[t + 1] &= x[s + 1]; memory.store32(at, x[t]); memory.store32(at + 4, x[t + 1]); }
        continue;
      }
      case 87: { // atomic fetch_and u32
        const at = address(x, d) + to; x[t] = memory.i32(at); x[t + 1] = 0; const old = x[t], oldHigh = x[t + 1]; { x[t] = x[t] & x[s]; x[t + 1] = 0; memory.store32(at, x[t]); } x[s] = old; x[s + 1] = oldHigh;
        continue;
      }
      case 88: { // atomic fetch_and u64
        const at = address(x, d) + to; const low = memory.i32(at); x[t + 1] = memory.i32(at + 4); x[t] = low; const old = x[t], oldHigh = x[t + 1]; { x[t] &= x[s]; x[t + 1] &= x[s + 1]; memory.store32(at, x[t]); memory.store32(at + 4, x[t + 1]); } x[s] = old; x[s + 1] = oldHigh;
        continue;
      }
      case 89: { // atomic xor u32
        const at = address(x, d) + to; x[t] = memory.i32(at); x[t + 1] = 0; const old = x[t], oldHigh = x[t + 1]; { x[t] = x[t] ^ x[s]; x[t + 1] = 0; memory.store32(at, x[t]); }
        continue;
      }
      case 90: { // atomic xor u64
        const at = address(x, d) + to; const low = memory.i32(at); x[t + 1] = memory.i32(at + 4); x[t] = low; const old = x[t], oldHigh = x[t + 1]; { x[t] ^= x[s]; x[t + 1] ^= x[s + 1]; memory.store32(at, x[t]); memory.store32(at + 4, x[t + 1]); }
        continue;
      }
      case 91: { // atomic fetch_xor u32
        const at = address(x, d) + to; x[t] = memory.i32(at); x[t + 1] = 0; const old = x[t], oldHigh = x[t + 1]; { x[t] = x[t] ^ x[s]; x[t + 1] = 0; memory.store32(at, x[t]); } x[s] = old; x[s + 1] = oldHigh;
        continue;
      }
      case 92: { // atomic fetch_xor u64
        const at = address(x, d) + to; const low = memory.i32(at); x[t + 1] = memory.i32(at + 4); x[t] = low; const old = x[t], oldHigh = x[t + 1]; { x[t] ^= x[s]; x[t + 1] ^= x[s + 1]; memory.store32(at, x[t]); memory.store32(at + 4, x[t + 1]); } x[s] = old; x[s + 1] = oldHigh;
        continue;
      }
      case 93: { // atomic xchg u32
        const at = address(x, d) + to; x[t] = memory.i32(at); x[t + 1] = 0; const old = x[t], oldHigh = x[t + 1]; { x[t] = x[s]; x[t + 1] = 0; memory.store32(at, x[t]); } x[s] = old; x[s + 1] = oldHigh;
        continue;
      }
      case 94: { // atomic xchg u64
        const at = address(x, d) + to; const low = memory.i32(at); x[t + 1] = memory.i32(at + 4); x[t] = low; const old = x[t], oldHigh = x[t + 1]; { x[t + 1] = x[s + 1]; x[t] = x[s]; memory.store32(at, x[t]); memory.store32(at + 4, x[t + 1]); } x[s] = old; x[s + 1] = oldHigh;
        continue;
      }
      case 95: { // atomic cmpxchg u32
        const at = address(x, d) + to; x[t] = memory.i32(at); x[t + 1] = 0; const old = x[t], oldHigh = x[t + 1]; if (x[0] === x[t]) { x[t] = x[s]; x[t + 1] = 0; memory.store32(at, x[t]); } x[0] = old; x[1] = oldHigh;
        continue;
      }
      case 96: { // atomic cmpxchg u64
        const at = address(x, d) + to; const low = memory.i32(at); x[t + 1] = memory.i32(at + 4); x[t] = low; const old = x[t], oldHigh = x[t + 1]; if (x[0] === x[t] && x[1] === x[t + 1]) { x[t + 1] = x[s + 1]; x[t] = x[s]; memory.store32(at, x[t]); memory.store32(at + 4, x[t + 1]); } x[0] = old; x[1] = oldHigh;
        continue;
      }
      case 97: { // wide
        x[d + 1] = x[s + 1]; x[d] = x[s]; ip = to;
        continue;
      }
      case 98: { // goto
        ip = to;
        continue;
      }
      case 99: { // call
        helpers[to](x);
        continue;
      }
      case 100: { // probe
        probe(x, d, s, to);
        continue;
      }
      case 101: { // exit
        vm.executed = executed; return x[0];
      }
    }
  }
}
