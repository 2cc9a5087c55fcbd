/**
 * Some tests ask one thing of every release or patch, which takes minutes: every day a part of them is
 * run, spread so that everything has its turn somewhere, and with QUICKSAND_TESTS=all, as CI does,
 * each of them.
 */
export const ALL_TESTS: boolean = process.env["QUICKSAND_TESTS"] === "all";

/** Of `items`, every `nth` from `start` on; all of them when all tests are wanted. */
export function everyNth<T>(items: readonly T[], nth: number, start: number): readonly T[] {
  return ALL_TESTS ? items : items.filter((_, index) => index % nth === start % nth);
}
