/**
 * "Did you mean": the known names closest to one that was typed wrongly.
 */

/** Damerau-Levenshtein distance, neighbours swapped counting as one edit. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const cell = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, cell(i - 2, j - 2) + 1);
      rows[i]?.push(best);
    }
  }
  return cell(a.length, b.length);
}

/** At most three known names, nearest first. A name that contains the other is near. */
export function nearNames(name: string, known: Iterable<string>): string[] {
  const typed = name.toLowerCase();
  const scored: { readonly known: string; readonly score: number }[] = [];
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    const shorter = Math.min(typed.length, other.length);
    const contains = shorter > 2 && (other.includes(typed) || typed.includes(other));
    const score = contains ? 1 : editDistance(typed, other);
    if (score <= Math.max(1, Math.floor(typed.length / 3)))
      scored.push({ known: candidate, score });
  }
  scored.sort((a, b) => a.score - b.score || (a.known < b.known ? -1 : 1));
  return scored.slice(0, 3).map((entry) => entry.known);
}

/** `did you mean "a" or "b"?`, or the whole list when nothing is near and it is short. */
export function suggestName(name: string, known: readonly string[]): string {
  const near = nearNames(name, known);
  if (near.length > 0) return `did you mean ${near.map((n) => JSON.stringify(n)).join(" or ")}?`;
  return known.length <= 16 ? `known: ${known.join(", ")}` : "";
}
