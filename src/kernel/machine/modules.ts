import type { Kernel } from "../task/kernel.ts";
export class ModuleManager {
  constructor(_k: Kernel) {}
  attach(_r: unknown): void {}
  names(): string[] {
    return [];
  }
  list(): string {
    return "";
  }
  get(_a: number): boolean {
    return true;
  }
  put(_a: number): void {}
  *load(): Generator<never, number, void> {
    return -38;
  }
  *unload(): Generator<never, number, void> {
    return -38;
  }
}
