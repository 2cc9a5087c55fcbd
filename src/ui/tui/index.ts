/**
 * The door of the TUI. Its modules are loaded only when it is opened, and only after the
 * environment says production: React and ink read it as they load.
 *
 * Left out: anything without a terminal; the CLI plays scenarios in plain text there.
 */
import type { TuiOptions } from "./open.tsx";

export type { TuiOptions } from "./open.tsx";
export type { ScenarioSummary } from "./screens/chooser.tsx";
export type { OpenedSession } from "./session-driver.ts";

export async function openTui(options: TuiOptions): Promise<number> {
  process.env["NODE_ENV"] = "production";
  // ink draws nothing before its end when it believes to be in a CI job; we have a terminal.
  process.env["CI"] = "false";
  process.env["CONTINUOUS_INTEGRATION"] = "false";
  // chalk does not know NO_COLOR, and takes more than sixteen colours where it can.
  process.env["FORCE_COLOR"] = (process.env["NO_COLOR"] ?? "") === "" ? "1" : "0";
  const { openTui: open } = await import("./open.tsx");
  return open(options);
}
