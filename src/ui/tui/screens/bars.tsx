/** The title line above the panes and the status line below them. */
import { Spinner } from "@inkjs/ui";
import { Box, Text } from "ink";
import type { ReactNode } from "react";
import { type KeyContext, labelOf, rowsFor } from "../keys.ts";
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

/** The keys worth knowing here; those that do nothing now are left dim, never hidden. */
function hintText(context: KeyContext, theme: Theme, columns: number): string {
  if (context.place === "typing") {
    return `${theme.paint("keys go to the machine", "focus")}   ${theme.paint("Esc", "strong")} stop typing`;
  }
  let used = 0;
  const parts: string[] = [];
  for (const row of rowsFor(context.place)) {
    if (row.hint === undefined) continue;
    const label = labelOf(row, theme.glyphs.ascii);
    const cells = textWidth(`${label} ${row.hint}`) + 3;
    if (used + cells > columns) break;
    used += cells;
    const refused = row.refuse?.(context) !== undefined;
    parts.push(
      `${theme.paint(label, refused ? "dim" : "strong")} ${theme.paint(row.hint, refused ? "dim" : "plain")}`,
    );
  }
  return parts.join("   ");
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
