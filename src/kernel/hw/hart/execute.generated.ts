/**
 * Generated from the instruction table by `npm run hart`; do not edit. Types are not checked here:
 * every access to a typed array is in range by construction, and an assertion on each would hide
 * the code.
 */
// @ts-nocheck
import { divide, divideUnsigned, multiplyHigh, remainder, remainderUnsigned } from "./arithmetic.ts";
import {
  COLD_CODE,
  COLD_DONE,
  EXIT_BREAKPOINT,
  EXIT_BUDGET,
  EXIT_ECALL,
  EXIT_FAULT,
  EXIT_ILLEGAL,
  STORE_CODE,
  STORE_FAULT,
  TLB_MASK,
} from "./codes.ts";
import type { Hart } from "./hart.ts";

/** Runs until the budget is used up or something needs the kernel; answers which, as EXIT_*. */
export function execute(hart: Hart): number {
  const x = hart.x, fp = hart.fp, fw = fp.bits, ff = fp.values, fs = fp.singles;
  let { ops, offs, entries, tables, tlb, budget } = hart;
  let view = hart.memory.view;
  let pageLo = x[64] & -4096, pageHi = x[65], offset = x[64] & 4095;
  let table = 0, slot = 0, ip = 0, start = 0, n = 0, exit = EXIT_BUDGET;
  enter: for (;;) {
    // Where to: `offset` from the page, perhaps outside it. Only links within a page are kept.
    if (budget <= 0) { ip = 0; break; }
    if (offset >>> 12 !== 0 || table === 0) {
      const lo = (pageLo + offset) | 0;
      pageHi = (pageHi + (offset >> 31) + (lo >>> 0 < offset >>> 0 ? 1 : 0)) | 0;
      pageLo = lo & -4096;
      offset = lo & 4095;
      slot = 0;
      const page = (pageHi << 20) | (pageLo >>> 12), e = (page & TLB_MASK) << 2;
      table = ((tlb[e + 2] ^ page) | (pageHi >>> 6)) === 0 ? tables[tlb[e + 3] >>> 12] : 0;
      if (table === 0) {
        table = hart.fetchPage(pageLo, pageHi);
        ({ ops, offs, entries, tables } = hart);
        view = hart.memory.view;
        if (table === 0) { ip = 0; exit = EXIT_FAULT; break; }
      }
    }
    ip = entries[table + (offset >> 1)];
    if (ip === 0) {
      ip = hart.decode(table, pageLo, pageHi, offset);
      ({ ops, offs, entries, tables } = hart);
      if (ip === 0) { table = 0; continue; }
    }
    if (slot !== 0) { ops[slot] = ip; slot = 0; }
    n = ops[ip - 1];
    if (budget < n) { ip = hart.decodePart(table, pageLo, pageHi, offset, budget); n = ops[ip - 1]; }
    budget -= n;
    start = ip;
    for (;;) {
      switch (ops[ip]) {
        case 0: { // illegal
          exit = EXIT_ILLEGAL; break enter;
        }
        case 1: { // cold
          { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 2: { // fall into the next block
          const s = ip + 4;
          const to = ops[s];
          if (to !== 0 && budget >= ops[to - 1]) { n = ops[to - 1]; budget -= n; start = to; ip = to; continue; }
          slot = s; offset = ops[s + 2];
          continue enter;
        }
        case 3: { // instruction across two pages
          const half = hart.fetchHalf(pageLo, pageHi);
          if (half < 0) { exit = EXIT_FAULT; break enter; }
          start += 4;
          if (half !== ops[ip + 1]) { hart.forget(table, 0xffe); budget += n; offset = 0xffe; slot = 0; continue enter; }
          ip += 4;
          continue;
        }
        case 4: { // li
          const d = ops[ip + 1], i = ops[ip + 3];
          x[d] = i; x[d + 1] = i >> 31;
          ip += 4;
          continue;
        }
        case 5: { // mv
          const d = ops[ip + 1], a = ops[ip + 2];
          const low = x[a]; x[d + 1] = x[a + 1]; x[d] = low;
          ip += 4;
          continue;
        }
        case 6: { // nop
          ip += 4;
          continue;
        }
        case 7: { // lui
          const d = ops[ip + 1], i = ops[ip + 3];
          const low = i; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 8: { // auipc
          const d = ops[ip + 1], i = ops[ip + 3];
          const low = (pageLo + i) | 0;
          x[d + 1] = pageHi + (i >> 31) + (low >>> 0 < i >>> 0 ? 1 : 0); x[d] = low;
          ip += 4;
          continue;
        }
        case 9: { // jal
          const d = ops[ip + 1], i = ops[ip + 3];
          const low = (pageLo + i) | 0;
          x[d + 1] = pageHi + (i >> 31) + (low >>> 0 < i >>> 0 ? 1 : 0); x[d] = low;
          const s = ip + 4;
          const to = ops[s];
          if (to !== 0 && budget >= ops[to - 1]) { n = ops[to - 1]; budget -= n; start = to; ip = to; continue; }
          slot = s; offset = ops[s + 2];
          continue enter;
        }
        case 10: { // jalr
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const target = (x[a] + i) | 0;
          const targetHi = (x[a + 1] + (i >> 31) + (target >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const back = ops[ip + 4], low = (pageLo + back) | 0;
          x[d + 1] = pageHi + (low >>> 0 < back ? 1 : 0); x[d] = low;
          if ((target & -4096) !== pageLo || targetHi !== pageHi) { pageLo = target & -4096; pageHi = targetHi; table = 0; }
          offset = target & 4094; slot = 0;
          continue enter;
        }
        case 11: { // beq
          const a = ops[ip + 2], b = ops[ip + 3];
          const s = ip + (x[a] === x[b] && x[a + 1] === x[b + 1] ? 4 : 5);
          const to = ops[s];
          if (to !== 0 && budget >= ops[to - 1]) { n = ops[to - 1]; budget -= n; start = to; ip = to; continue; }
          slot = s; offset = ops[s + 2];
          continue enter;
        }
        case 12: { // bne
          const a = ops[ip + 2], b = ops[ip + 3];
          const s = ip + (x[a] !== x[b] || x[a + 1] !== x[b + 1] ? 4 : 5);
          const to = ops[s];
          if (to !== 0 && budget >= ops[to - 1]) { n = ops[to - 1]; budget -= n; start = to; ip = to; continue; }
          slot = s; offset = ops[s + 2];
          continue enter;
        }
        case 13: { // blt
          const a = ops[ip + 2], b = ops[ip + 3];
          const s = ip + (x[a + 1] < x[b + 1] || (x[a + 1] === x[b + 1] && x[a] >>> 0 < x[b] >>> 0) ? 4 : 5);
          const to = ops[s];
          if (to !== 0 && budget >= ops[to - 1]) { n = ops[to - 1]; budget -= n; start = to; ip = to; continue; }
          slot = s; offset = ops[s + 2];
          continue enter;
        }
        case 14: { // bge
          const a = ops[ip + 2], b = ops[ip + 3];
          const s = ip + (!(x[a + 1] < x[b + 1] || (x[a + 1] === x[b + 1] && x[a] >>> 0 < x[b] >>> 0)) ? 4 : 5);
          const to = ops[s];
          if (to !== 0 && budget >= ops[to - 1]) { n = ops[to - 1]; budget -= n; start = to; ip = to; continue; }
          slot = s; offset = ops[s + 2];
          continue enter;
        }
        case 15: { // bltu
          const a = ops[ip + 2], b = ops[ip + 3];
          const s = ip + (x[a + 1] >>> 0 < x[b + 1] >>> 0 || (x[a + 1] === x[b + 1] && x[a] >>> 0 < x[b] >>> 0) ? 4 : 5);
          const to = ops[s];
          if (to !== 0 && budget >= ops[to - 1]) { n = ops[to - 1]; budget -= n; start = to; ip = to; continue; }
          slot = s; offset = ops[s + 2];
          continue enter;
        }
        case 16: { // bgeu
          const a = ops[ip + 2], b = ops[ip + 3];
          const s = ip + (!(x[a + 1] >>> 0 < x[b + 1] >>> 0 || (x[a + 1] === x[b + 1] && x[a] >>> 0 < x[b] >>> 0)) ? 4 : 5);
          const to = ops[s];
          if (to !== 0 && budget >= ops[to - 1]) { n = ops[to - 1]; budget -= n; start = to; ip = to; continue; }
          slot = s; offset = ops[s + 2];
          continue enter;
        }
        case 17: { // lb
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 0] ^ page) | (hi >>> 6)) === 0) { const at = tlb[e + 3] + (lo & 4095); const low = view.getInt8(at); x[d] = low; x[d + 1] = low >> 31; }
          else { if (!hart.load(lo, hi, 1, true, d)) { exit = EXIT_FAULT; break enter; } view = hart.memory.view; }
          ip += 4;
          continue;
        }
        case 18: { // lh
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 0] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4094) { const at = tlb[e + 3] + (lo & 4095); const low = view.getInt16(at, true); x[d] = low; x[d + 1] = low >> 31; }
          else { if (!hart.load(lo, hi, 2, true, d)) { exit = EXIT_FAULT; break enter; } view = hart.memory.view; }
          ip += 4;
          continue;
        }
        case 19: { // lw
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 0] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4092) { const at = tlb[e + 3] + (lo & 4095); const low = view.getInt32(at, true); x[d] = low; x[d + 1] = low >> 31; }
          else { if (!hart.load(lo, hi, 4, true, d)) { exit = EXIT_FAULT; break enter; } view = hart.memory.view; }
          ip += 4;
          continue;
        }
        case 20: { // ld
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 0] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4088) { const at = tlb[e + 3] + (lo & 4095); x[d] = view.getInt32(at, true); x[d + 1] = view.getInt32(at + 4, true); }
          else { if (!hart.load(lo, hi, 8, false, d)) { exit = EXIT_FAULT; break enter; } view = hart.memory.view; }
          ip += 4;
          continue;
        }
        case 21: { // lbu
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 0] ^ page) | (hi >>> 6)) === 0) { const at = tlb[e + 3] + (lo & 4095); x[d] = view.getUint8(at); x[d + 1] = 0; }
          else { if (!hart.load(lo, hi, 1, false, d)) { exit = EXIT_FAULT; break enter; } view = hart.memory.view; }
          ip += 4;
          continue;
        }
        case 22: { // lhu
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 0] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4094) { const at = tlb[e + 3] + (lo & 4095); x[d] = view.getUint16(at, true); x[d + 1] = 0; }
          else { if (!hart.load(lo, hi, 2, false, d)) { exit = EXIT_FAULT; break enter; } view = hart.memory.view; }
          ip += 4;
          continue;
        }
        case 23: { // lwu
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 0] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4092) { const at = tlb[e + 3] + (lo & 4095); x[d] = view.getInt32(at, true); x[d + 1] = 0; }
          else { if (!hart.load(lo, hi, 4, false, d)) { exit = EXIT_FAULT; break enter; } view = hart.memory.view; }
          ip += 4;
          continue;
        }
        case 24: { // sb
          const b = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 1] ^ page) | (hi >>> 6)) === 0) { const at = tlb[e + 3] + (lo & 4095); view.setInt8(at, x[b]); }
          else {
            const done = hart.store(lo, hi, 1, b);
            if (done === STORE_FAULT) { exit = EXIT_FAULT; break enter; }
            view = hart.memory.view;
            if (done === STORE_CODE) {
              budget += n - ((ip - start) >> 2) - 1;
              offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
              table = 0; slot = 0;
              continue enter;
            }
          }
          ip += 4;
          continue;
        }
        case 25: { // sh
          const b = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 1] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4094) { const at = tlb[e + 3] + (lo & 4095); view.setInt16(at, x[b], true); }
          else {
            const done = hart.store(lo, hi, 2, b);
            if (done === STORE_FAULT) { exit = EXIT_FAULT; break enter; }
            view = hart.memory.view;
            if (done === STORE_CODE) {
              budget += n - ((ip - start) >> 2) - 1;
              offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
              table = 0; slot = 0;
              continue enter;
            }
          }
          ip += 4;
          continue;
        }
        case 26: { // sw
          const b = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 1] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4092) { const at = tlb[e + 3] + (lo & 4095); view.setInt32(at, x[b], true); }
          else {
            const done = hart.store(lo, hi, 4, b);
            if (done === STORE_FAULT) { exit = EXIT_FAULT; break enter; }
            view = hart.memory.view;
            if (done === STORE_CODE) {
              budget += n - ((ip - start) >> 2) - 1;
              offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
              table = 0; slot = 0;
              continue enter;
            }
          }
          ip += 4;
          continue;
        }
        case 27: { // sd
          const b = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 1] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4088) { const at = tlb[e + 3] + (lo & 4095); view.setInt32(at, x[b], true); view.setInt32(at + 4, x[b + 1], true); }
          else {
            const done = hart.store(lo, hi, 8, b);
            if (done === STORE_FAULT) { exit = EXIT_FAULT; break enter; }
            view = hart.memory.view;
            if (done === STORE_CODE) {
              budget += n - ((ip - start) >> 2) - 1;
              offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
              table = 0; slot = 0;
              continue enter;
            }
          }
          ip += 4;
          continue;
        }
        case 28: { // addi
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const low = (x[a] + i) | 0; x[d + 1] = x[a + 1] + (i >> 31) + (low >>> 0 < i >>> 0 ? 1 : 0); x[d] = low;
          ip += 4;
          continue;
        }
        case 29: { // slti
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          x[d] = x[a + 1] < i >> 31 || (x[a + 1] === i >> 31 && x[a] >>> 0 < i >>> 0) ? 1 : 0; x[d + 1] = 0;
          ip += 4;
          continue;
        }
        case 30: { // sltiu
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          x[d] = x[a + 1] >>> 0 < i >> 31 >>> 0 || (x[a + 1] === i >> 31 && x[a] >>> 0 < i >>> 0) ? 1 : 0; x[d + 1] = 0;
          ip += 4;
          continue;
        }
        case 31: { // xori
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          x[d + 1] = x[a + 1] ^ (i >> 31); x[d] = x[a] ^ i;
          ip += 4;
          continue;
        }
        case 32: { // ori
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          x[d + 1] = x[a + 1] | (i >> 31); x[d] = x[a] | i;
          ip += 4;
          continue;
        }
        case 33: { // andi
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          x[d + 1] = x[a + 1] & (i >> 31); x[d] = x[a] & i;
          ip += 4;
          continue;
        }
        case 34: { // slli
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const s = i;
          if (s === 0) { const low = x[a]; x[d + 1] = x[a + 1]; x[d] = low; }
          else if (s < 32) { const low = x[a]; x[d + 1] = (x[a + 1] << s) | (low >>> (32 - s)); x[d] = low << s; }
          else { x[d + 1] = x[a] << (s - 32); x[d] = 0; }
          ip += 4;
          continue;
        }
        case 35: { // srli
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const s = i;
          if (s === 0) { const low = x[a]; x[d + 1] = x[a + 1]; x[d] = low; }
          else if (s < 32) { const high = x[a + 1]; x[d] = (x[a] >>> s) | (high << (32 - s)); x[d + 1] = high >>> s; }
          else { const high = x[a + 1]; x[d] = high >>> (s - 32); x[d + 1] = 0; }
          ip += 4;
          continue;
        }
        case 36: { // srai
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const s = i;
          if (s === 0) { const low = x[a]; x[d + 1] = x[a + 1]; x[d] = low; }
          else if (s < 32) { const high = x[a + 1]; x[d] = (x[a] >>> s) | (high << (32 - s)); x[d + 1] = high >> s; }
          else { const high = x[a + 1]; x[d] = high >> (s - 32); x[d + 1] = high >> 31; }
          ip += 4;
          continue;
        }
        case 37: { // add
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = (x[a] + x[b]) | 0; x[d + 1] = x[a + 1] + x[b + 1] + (low >>> 0 < x[b] >>> 0 ? 1 : 0); x[d] = low;
          ip += 4;
          continue;
        }
        case 38: { // sub
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = (x[a] - x[b]) | 0; x[d + 1] = x[a + 1] - x[b + 1] - (x[a] >>> 0 < x[b] >>> 0 ? 1 : 0); x[d] = low;
          ip += 4;
          continue;
        }
        case 39: { // sll
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const s = x[b] & 63;
          if (s === 0) { const low = x[a]; x[d + 1] = x[a + 1]; x[d] = low; }
          else if (s < 32) { const low = x[a]; x[d + 1] = (x[a + 1] << s) | (low >>> (32 - s)); x[d] = low << s; }
          else { x[d + 1] = x[a] << (s - 32); x[d] = 0; }
          ip += 4;
          continue;
        }
        case 40: { // slt
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          x[d] = x[a + 1] < x[b + 1] || (x[a + 1] === x[b + 1] && x[a] >>> 0 < x[b] >>> 0) ? 1 : 0; x[d + 1] = 0;
          ip += 4;
          continue;
        }
        case 41: { // sltu
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          x[d] = x[a + 1] >>> 0 < x[b + 1] >>> 0 || (x[a + 1] === x[b + 1] && x[a] >>> 0 < x[b] >>> 0) ? 1 : 0; x[d + 1] = 0;
          ip += 4;
          continue;
        }
        case 42: { // xor
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          x[d + 1] = x[a + 1] ^ x[b + 1]; x[d] = x[a] ^ x[b];
          ip += 4;
          continue;
        }
        case 43: { // srl
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const s = x[b] & 63;
          if (s === 0) { const low = x[a]; x[d + 1] = x[a + 1]; x[d] = low; }
          else if (s < 32) { const high = x[a + 1]; x[d] = (x[a] >>> s) | (high << (32 - s)); x[d + 1] = high >>> s; }
          else { const high = x[a + 1]; x[d] = high >>> (s - 32); x[d + 1] = 0; }
          ip += 4;
          continue;
        }
        case 44: { // sra
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const s = x[b] & 63;
          if (s === 0) { const low = x[a]; x[d + 1] = x[a + 1]; x[d] = low; }
          else if (s < 32) { const high = x[a + 1]; x[d] = (x[a] >>> s) | (high << (32 - s)); x[d + 1] = high >> s; }
          else { const high = x[a + 1]; x[d] = high >> (s - 32); x[d + 1] = high >> 31; }
          ip += 4;
          continue;
        }
        case 45: { // or
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          x[d + 1] = x[a + 1] | x[b + 1]; x[d] = x[a] | x[b];
          ip += 4;
          continue;
        }
        case 46: { // and
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          x[d + 1] = x[a + 1] & x[b + 1]; x[d] = x[a] & x[b];
          ip += 4;
          continue;
        }
        case 47: { // addiw
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const low = (x[a] + i) | 0; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 48: { // slliw
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const low = x[a] << i; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 49: { // srliw
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const low = (x[a] >>> i) | 0; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 50: { // sraiw
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const low = x[a] >> i; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 51: { // addw
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = (x[a] + x[b]) | 0; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 52: { // subw
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = (x[a] - x[b]) | 0; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 53: { // sllw
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = x[a] << (x[b] & 31); x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 54: { // srlw
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = (x[a] >>> (x[b] & 31)) | 0; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 55: { // sraw
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = x[a] >> (x[b] & 31); x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 56: { // ecall
          exit = EXIT_ECALL; budget -= 1; break enter;
        }
        case 57: { // ebreak
          exit = EXIT_BREAKPOINT; break enter;
        }
        case 58: { // mul
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = Math.imul(x[a], x[b]);
          const product = (x[a] >>> 0) * (x[b] >>> 0);
          const carried = ((product - (low >>> 0)) / 4294967296 + 0.5) >>> 0;
          x[d + 1] = carried + Math.imul(x[a], x[b + 1]) + Math.imul(x[a + 1], x[b]); x[d] = low;
          ip += 4;
          continue;
        }
        case 59: { // mulh
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          multiplyHigh(x, d, a, b, true, true);
          ip += 4;
          continue;
        }
        case 60: { // mulhsu
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          multiplyHigh(x, d, a, b, true, false);
          ip += 4;
          continue;
        }
        case 61: { // mulhu
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          multiplyHigh(x, d, a, b, false, false);
          ip += 4;
          continue;
        }
        case 62: { // div
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          divide(x, d, a, b);
          ip += 4;
          continue;
        }
        case 63: { // divu
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          divideUnsigned(x, d, a, b);
          ip += 4;
          continue;
        }
        case 64: { // rem
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          remainder(x, d, a, b);
          ip += 4;
          continue;
        }
        case 65: { // remu
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          remainderUnsigned(x, d, a, b);
          ip += 4;
          continue;
        }
        case 66: { // mulw
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = Math.imul(x[a], x[b]); x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 67: { // divw
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = x[b] === 0 ? -1 : (x[a] / x[b]) | 0; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 68: { // divuw
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = x[b] === 0 ? -1 : ((x[a] >>> 0) / (x[b] >>> 0)) | 0; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 69: { // remw
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = x[b] === 0 ? x[a] : (x[a] % x[b]) | 0; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 70: { // remuw
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const low = x[b] === 0 ? x[a] : ((x[a] >>> 0) % (x[b] >>> 0)) | 0; x[d] = low; x[d + 1] = low >> 31;
          ip += 4;
          continue;
        }
        case 71: { // flw
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 0] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4092) { const at = tlb[e + 3] + (lo & 4095); fw[d] = view.getInt32(at, true); fw[d + 1] = -1; }
          else { if (!hart.loadFloat(lo, hi, 4, d)) { exit = EXIT_FAULT; break enter; } view = hart.memory.view; }
          ip += 4;
          continue;
        }
        case 72: { // fld
          const d = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 0] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4088) { const at = tlb[e + 3] + (lo & 4095); fw[d] = view.getInt32(at, true); fw[d + 1] = view.getInt32(at + 4, true); }
          else { if (!hart.loadFloat(lo, hi, 8, d)) { exit = EXIT_FAULT; break enter; } view = hart.memory.view; }
          ip += 4;
          continue;
        }
        case 73: { // fsw
          const b = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 1] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4092) { const at = tlb[e + 3] + (lo & 4095); view.setInt32(at, fw[b], true); }
          else {
            const done = hart.storeFloat(lo, hi, 4, b);
            if (done === STORE_FAULT) { exit = EXIT_FAULT; break enter; }
            view = hart.memory.view;
            if (done === STORE_CODE) {
              budget += n - ((ip - start) >> 2) - 1;
              offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
              table = 0; slot = 0;
              continue enter;
            }
          }
          ip += 4;
          continue;
        }
        case 74: { // fsd
          const b = ops[ip + 1], a = ops[ip + 2], i = ops[ip + 3];
          const lo = (x[a] + i) | 0;
          const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
          const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;
          if (((tlb[e + 1] ^ page) | (hi >>> 6)) === 0 && (lo & 4095) <= 4088) { const at = tlb[e + 3] + (lo & 4095); view.setInt32(at, fw[b], true); view.setInt32(at + 4, fw[b + 1], true); }
          else {
            const done = hart.storeFloat(lo, hi, 8, b);
            if (done === STORE_FAULT) { exit = EXIT_FAULT; break enter; }
            view = hart.memory.view;
            if (done === STORE_CODE) {
              budget += n - ((ip - start) >> 2) - 1;
              offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
              table = 0; slot = 0;
              continue enter;
            }
          }
          ip += 4;
          continue;
        }
        case 75: { // fadd.s
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = fs[a], q = fs[b], r = Math.fround(p + q), m = Math.abs(r);
          if ((fp.fcsr & 0xe1) === 1 && fw[a + 1] === -1 && fw[b + 1] === -1 && m >= 1e-37 && m <= 3.4e38) { fs[d] = r; fw[d + 1] = -1; } else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 76: { // fsub.s
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = fs[a], q = fs[b], r = Math.fround(p - q), m = Math.abs(r);
          if ((fp.fcsr & 0xe1) === 1 && fw[a + 1] === -1 && fw[b + 1] === -1 && m >= 1e-37 && m <= 3.4e38) { fs[d] = r; fw[d + 1] = -1; } else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 77: { // fmul.s
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = fs[a], q = fs[b], r = Math.fround(p * q), m = Math.abs(r);
          if ((fp.fcsr & 0xe1) === 1 && fw[a + 1] === -1 && fw[b + 1] === -1 && m >= 1e-37 && m <= 3.4e38) { fs[d] = r; fw[d + 1] = -1; } else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 78: { // fdiv.s
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = fs[a], q = fs[b], r = Math.fround(p / q), m = Math.abs(r);
          if ((fp.fcsr & 0xe1) === 1 && fw[a + 1] === -1 && fw[b + 1] === -1 && m >= 1e-37 && m <= 3.4e38) { fs[d] = r; fw[d + 1] = -1; } else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 79: { // fsqrt.s
          const d = ops[ip + 1], a = ops[ip + 2];
          const p = fs[a], r = Math.fround(Math.sqrt(p)), m = Math.abs(r);
          if ((fp.fcsr & 0xe1) === 1 && fw[a + 1] === -1 && m >= 1e-37 && m <= 3.4e38) { fs[d] = r; fw[d + 1] = -1; } else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 80: { // feq.s
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = fs[a], q = fs[b];
          if (fw[a + 1] === -1 && fw[b + 1] === -1 && p === p && q === q) { x[d] = p === q ? 1 : 0; x[d + 1] = 0; } else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 81: { // flt.s
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = fs[a], q = fs[b];
          if (fw[a + 1] === -1 && fw[b + 1] === -1 && p === p && q === q) { x[d] = p < q ? 1 : 0; x[d + 1] = 0; } else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 82: { // fle.s
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = fs[a], q = fs[b];
          if (fw[a + 1] === -1 && fw[b + 1] === -1 && p === p && q === q) { x[d] = p <= q ? 1 : 0; x[d + 1] = 0; } else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 83: { // fadd.d
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = ff[a >> 1], q = ff[b >> 1], r = p + q, m = Math.abs(r);
          if ((fp.fcsr & 0xe1) === 1 && m >= 1e-300 && m <= 1.7e308) ff[d >> 1] = r; else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 84: { // fsub.d
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = ff[a >> 1], q = ff[b >> 1], r = p - q, m = Math.abs(r);
          if ((fp.fcsr & 0xe1) === 1 && m >= 1e-300 && m <= 1.7e308) ff[d >> 1] = r; else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 85: { // fmul.d
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = ff[a >> 1], q = ff[b >> 1], r = p * q, m = Math.abs(r);
          if ((fp.fcsr & 0xe1) === 1 && m >= 1e-300 && m <= 1.7e308) ff[d >> 1] = r; else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 86: { // fdiv.d
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = ff[a >> 1], q = ff[b >> 1], r = p / q, m = Math.abs(r);
          if ((fp.fcsr & 0xe1) === 1 && m >= 1e-300 && m <= 1.7e308) ff[d >> 1] = r; else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 87: { // fsqrt.d
          const d = ops[ip + 1], a = ops[ip + 2];
          const p = ff[a >> 1], r = Math.sqrt(p), m = Math.abs(r);
          if ((fp.fcsr & 0xe1) === 1 && m >= 1e-300 && m <= 1.7e308) ff[d >> 1] = r; else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 88: { // feq.d
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = ff[a >> 1], q = ff[b >> 1];
          if (p === p && q === q) { x[d] = p === q ? 1 : 0; x[d + 1] = 0; } else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 89: { // flt.d
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = ff[a >> 1], q = ff[b >> 1];
          if (p === p && q === q) { x[d] = p < q ? 1 : 0; x[d + 1] = 0; } else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 90: { // fle.d
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = ff[a >> 1], q = ff[b >> 1];
          if (p === p && q === q) { x[d] = p <= q ? 1 : 0; x[d + 1] = 0; } else { const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
            view = hart.memory.view;
            if (status !== COLD_DONE) {
              if (status === COLD_CODE) {
                budget += n - ((ip - start) >> 2) - 1;
                offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
                table = 0; slot = 0;
                continue enter;
              }
              exit = status; break enter;
            } }
          ip += 4;
          continue;
        }
        case 91: { // fsgnj.d
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = fw[a], high = (fw[a + 1] & 0x7fffffff) | (fw[b + 1] & 0x80000000); fw[d] = p; fw[d + 1] = high;
          ip += 4;
          continue;
        }
        case 92: { // fsgnjn.d
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = fw[a], high = (fw[a + 1] & 0x7fffffff) | (~fw[b + 1] & 0x80000000); fw[d] = p; fw[d + 1] = high;
          ip += 4;
          continue;
        }
        case 93: { // fsgnjx.d
          const d = ops[ip + 1], a = ops[ip + 2], b = ops[ip + 3];
          const p = fw[a], high = fw[a + 1] ^ (fw[b + 1] & 0x80000000); fw[d] = p; fw[d + 1] = high;
          ip += 4;
          continue;
        }
        case 94: { // fcvt.d.w
          const d = ops[ip + 1], a = ops[ip + 2];
          ff[d >> 1] = x[a];
          ip += 4;
          continue;
        }
        case 95: { // fcvt.d.wu
          const d = ops[ip + 1], a = ops[ip + 2];
          ff[d >> 1] = x[a] >>> 0;
          ip += 4;
          continue;
        }
        case 96: { // fmv.x.w
          const d = ops[ip + 1], a = ops[ip + 2];
          x[d] = fw[a]; x[d + 1] = fw[a] >> 31;
          ip += 4;
          continue;
        }
        case 97: { // fmv.x.d
          const d = ops[ip + 1], a = ops[ip + 2];
          x[d] = fw[a]; x[d + 1] = fw[a + 1];
          ip += 4;
          continue;
        }
        case 98: { // fmv.w.x
          const d = ops[ip + 1], a = ops[ip + 2];
          fw[d] = x[a]; fw[d + 1] = -1;
          ip += 4;
          continue;
        }
        case 99: { // fmv.d.x
          const d = ops[ip + 1], a = ops[ip + 2];
          fw[d] = x[a]; fw[d + 1] = x[a + 1];
          ip += 4;
          continue;
        }
      }
    }
  }
  if (ip !== 0) {
    // In the middle of a block: what did not retire is given back.
    budget += n - ((ip - start) >> 2);
    offset = offs[ip >> 2] & 0xffff;
  }
  hart.budget = budget;
  const lo = (pageLo + offset) | 0;
  x[65] = pageHi + (offset >> 31) + (lo >>> 0 < offset >>> 0 ? 1 : 0);
  x[64] = lo;
  return exit;
}
