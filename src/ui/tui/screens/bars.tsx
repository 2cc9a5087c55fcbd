/** The title line above the panes and the status line below them. */
import { Spinner } from "@inkjs/ui";
import { Box, Text } from "ink";
import type { ReactNode } from "react";
import { type KeyContext, type KeyRow, labelOf, rowsFor } from "../keys.ts";
import { fitWidth, textWidth, truncate } from "../text.ts";
import type { Theme } from "../theme.ts";

export function TitleBar(props: {
  readonly left: string;
  readonly right: string;
  readonly columns: number;
  readonly theme: Theme;
}): ReactNode {
  const { theme, columns } = props;
  const right = ` ${props.right} `;
  const left = fitWidth(` ${props.left}`, columns - textWidth(right), theme.glyphs.ellipsis);
  return <Text wrap="truncate">{theme.paint(left + right, "bar")}</Text>;
}

const HINT_GAP = "  ";

/** The keys worth knowing here; those that do nothing now are left dim, never hidden. */
function hintText(context: KeyContext, theme: Theme, columns: number): string {
  if (context.place === "typing") {
    return `${theme.paint("keys go to the machine", "focus")}   ${theme.paint("Esc", "strong")} stop typing`;
  }
  const rows = rowsFor(context.place).filter((row) => row.hint !== undefined);
  const label = (row: KeyRow): string => labelOf(row, theme.glyphs.ascii);
  const fits = (): boolean => {
    const cells = rows.map((row) => textWidth(`${label(row)} ${row.hint}`) + HINT_GAP.length);
    return cells.reduce((sum, one) => sum + one, -HINT_GAP.length) <= columns;
  };
  while (!fits()) {
    const least = rows.findLastIndex((row) => row.spare);
    rows.splice(least, 1);
  }
  const painted = rows.map((row) => {
    const refused = row.refuse?.(context) !== undefined;
    return `${theme.paint(label(row), refused ? "dim" : "strong")} ${theme.paint(row.hint ?? "", refused ? "dim" : "plain")}`;
  });
  return painted.join(HINT_GAP);
}

export function StatusLine(props: {
  readonly context: KeyContext;
  readonly notice: string;
  readonly columns: number;
  readonly theme: Theme;
}): ReactNode {
  const { theme, notice, columns, context } = props;
  const room = columns - 2 - (context.busy ? 12 : 0);
  const text =
    notice === ""
      ? hintText(context, theme, room)
      : theme.paint(truncate(notice, room, theme.glyphs.ellipsis), "warn");
  return (
    <Box width={columns} height={1} flexShrink={0}>
      <Text wrap="truncate">{` ${text}`}</Text>
      {context.busy ? (
        <Box marginLeft={2}>
          <Spinner label="running" />
        </Box>
      ) : null}
    </Box>
  );
}
