/** The instructions and helpers that bytecode has, as tables of docs/bytecode.md. */
import { BPF_ARITHMETIC, BPF_HELPERS, BPF_JUMPS } from "#kernel";

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

function arithmetic(): readonly string[] {
  return BPF_ARITHMETIC.map(({ name, symbol, run32, unary }) => {
    const form =
      unary === true ? `r1 = ${symbol}r1` : `r1 ${symbol}${symbol.endsWith(")") ? "" : " "}r2`;
    return `| ${name} | ${code(form)} | ${run32 === undefined ? "64" : "64, 32"} |`;
  });
}

export function bytecodeReference(): string {
  return [
    "| arithmetic | as assembly writes it | bits |",
    "|---|---|---|",
    ...arithmetic(),
    "",
    "An operand is a register or a number; `w1` are the lower 32 bits. Besides: `r1 = be16 r1`, `le32`,",
    "`bswap64`; loads and stores `r1 = *(u32 *)(r2 + 4)`, `*(u8 *)(r1 - 1) = 7`, `(s16 *)`; `r1 = 5 ll`;",
    "atomic `lock *(u64 *)(r1 + 0) += r2`, `r2 = atomic_fetch_or((u64 *)(r1 + 0), r2)`, `xchg_64`, `cmpxchg_64`.",
    "",
    "| jump | as assembly writes it |",
    "|---|---|",
    ...BPF_JUMPS.map(({ name, symbol }) => `| ${name} | ${code(`if r1 ${symbol} r2 goto out`)} |`),
    "",
    "| helper | number | arguments |",
    "|---|---|---|",
    ...BPF_HELPERS.map(
      ({ name, number, args }) => `| ${code(name)} | ${number} | ${args.join(", ")} |`,
    ),
  ].join("\n");
}
