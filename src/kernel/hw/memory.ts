/**
 * Physical memory: 4 KiB frames with reference counts, in one WebAssembly.Memory so that an
 * interpreter and a translator to WebAssembly can share it with the kernel.
 *
 * Frame 0 stays zero and is what untouched memory reads as. Left out: NUMA, swapping, huge pages.
 */
import { PHYSICAL_FRAMES_MAX } from "../lib/limits.ts";

export const PAGE_SIZE = 4096;
export const PAGE_SHIFT = 12;

/** WebAssembly's 64 KiB page, in frames of ours. */
const FRAMES_PER_GROW = 16;
const GROW_PAGES = 8;

/** The part of WebAssembly's API that we use; the language's own library does not declare it. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: {
  readonly Memory: new (options: { initial: number; maximum: number }) => WasmMemory;
};

export class PhysicalMemory {
  /** Views over all frames; made anew when memory grows, so never hold on to one. */
  u8: Uint8Array;
  view: DataView;
  words: Int32Array;
  /** Told of each frame whose decoded code went stale. */
  onCodeWrite: ((frame: number) => void) | undefined;
  readonly #memory: WasmMemory;
  /** By frame: 1 where code was decoded, so that a write has to be told. */
  #code: Uint8Array = new Uint8Array(GROW_PAGES * FRAMES_PER_GROW);
  readonly #refs: number[] = [1];
  readonly #free: number[] = [];
  #framesReady: number;

  constructor() {
    this.#memory = new WebAssembly.Memory({
      initial: GROW_PAGES,
      maximum: PHYSICAL_FRAMES_MAX / FRAMES_PER_GROW,
    });
    this.#framesReady = GROW_PAGES * FRAMES_PER_GROW;
    this.u8 = new Uint8Array(this.#memory.buffer);
    this.view = new DataView(this.#memory.buffer);
    this.words = new Int32Array(this.#memory.buffer);
  }

  /** Frames in use, the zero frame left out. */
  get used(): number {
    return this.#refs.length - 1 - this.#free.length;
  }

  /** A zeroed frame with one reference, or 0 when memory is full. */
  allocate(): number {
    const recycled = this.#free.pop();
    if (recycled !== undefined) {
      this.writing(recycled);
      this.u8.fill(0, recycled << PAGE_SHIFT, (recycled + 1) << PAGE_SHIFT);
      this.#refs[recycled] = 1;
      return recycled;
    }
    const frame = this.#refs.length;
    if (frame >= this.#framesReady && !this.#grow()) return 0;
    this.#refs.push(1);
    return frame;
  }

  hold(frame: number): void {
    this.#refs[frame] = (this.#refs[frame] as number) + 1;
  }

  release(frame: number): void {
    if (frame === 0) return;
    const refs = (this.#refs[frame] as number) - 1;
    this.#refs[frame] = refs;
    if (refs === 0) this.#free.push(frame);
  }

  isShared(frame: number): boolean {
    return (this.#refs[frame] as number) > 1;
  }

  /** Code of this frame is about to be decoded: writers have to say so from now on. */
  markCode(frame: number): void {
    this.#code[frame] = 1;
  }

  isCode(frame: number): boolean {
    return this.#code[frame] === 1;
  }

  /** Whoever gets an address of the frame to write to comes through here. */
  writing(frame: number): void {
    if (this.#code[frame] !== 1) return;
    this.#code[frame] = 0;
    this.onCodeWrite?.(frame);
  }

  /** The words of one frame. */
  frameWords(frame: number): Int32Array {
    return this.words.subarray(frame << (PAGE_SHIFT - 2), (frame + 1) << (PAGE_SHIFT - 2));
  }

  #grow(): boolean {
    if (this.#framesReady >= PHYSICAL_FRAMES_MAX) return false;
    const room = (PHYSICAL_FRAMES_MAX - this.#framesReady) / FRAMES_PER_GROW;
    const pages = Math.min(Math.max(GROW_PAGES, this.#framesReady / FRAMES_PER_GROW), room);
    this.#memory.grow(pages);
    this.#framesReady += pages * FRAMES_PER_GROW;
    const code = new Uint8Array(this.#framesReady);
    code.set(this.#code);
    this.#code = code;
    this.u8 = new Uint8Array(this.#memory.buffer);
    this.view = new DataView(this.#memory.buffer);
    this.words = new Int32Array(this.#memory.buffer);
    return true;
  }
}
