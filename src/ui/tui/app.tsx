/** The whole TUI: which screen is shown, and what a key press does. */
import { Box, Text, useApp, useInput } from "ink";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { Controller } from "./controller.ts";
import { keyNames } from "./keys.ts";
import { CHROME_ROWS, COLUMNS_MIN, ROWS_MIN, type ScreenLayout } from "./layout.ts";
import { taintLetters } from "./model/taint.ts";
import type { UiState } from "./model/ui-state.ts";
import { StatusLine, TitleBar } from "./screens/bars.tsx";
import { Chooser, type ScenarioSummary } from "./screens/chooser.tsx";
import { Help } from "./screens/help.tsx";
import { Player } from "./screens/player.tsx";
import { useTerminalSize } from "./screens/size.ts";
import type { OpenedSession, SessionDriver } from "./session-driver.ts";
import type { Theme } from "./theme.ts";
import { UiStore } from "./ui-store.ts";

export interface AppProps {
  readonly scenarios: readonly ScenarioSummary[];
  /** Makes a machine for a scenario, or for a free shell; answers a sentence when it cannot. */
  readonly openSession: (name: string | undefined) => Promise<OpenedSession | string>;
  /** What a free shell boots. */
  readonly shellRelease: string;
  /** Open this one first. */
  readonly open?: string;
  readonly theme: Theme;
}

/** What the machine's state has to say while there is nothing newer. */
function standingNotice(driver: SessionDriver | undefined, typing: boolean): string {
  if (driver === undefined) return "";
  if (typing && driver.stopped !== "") return driver.stopped;
  if (!driver.restless) return "";
  return typing
    ? "a program runs on and on: Ctrl-C stops it, any other key lets it run on"
    : "a program runs on and on: press Enter, then Ctrl-C to stop it";
}

function tooSmall(columns: number, rows: number): string {
  return `quicksand needs ${COLUMNS_MIN}x${ROWS_MIN}; this terminal is ${columns}x${rows}. Esc quits.`;
}

function machineFacts(driver: SessionDriver, position: number): string {
  const state = driver.index.at(position);
  const letters = taintLetters(state.taint);
  return [
    state.release || driver.session.release,
    state.boots > 1 ? `boot ${state.boots}` : "",
    `${(state.timeNs / 1e6).toFixed(3)} ms`,
    letters === "" ? "" : `tainted ${letters}`,
    state.halted,
  ]
    .filter((part) => part !== "")
    .join("  ");
}

function makeController(
  props: AppProps,
  exit: () => void,
): { readonly store: UiStore; readonly controller: Controller } {
  const store = new UiStore();
  return { store, controller: new Controller({ ...props, store, exit }) };
}

export function App(props: AppProps): ReactNode {
  const { theme, scenarios } = props;
  const { exit } = useApp();
  const { columns, rows } = useTerminalSize();
  const kept = useRef<{ readonly store: UiStore; readonly controller: Controller }>(undefined);
  kept.current ??= makeController(props, exit);
  const { store, controller } = kept.current;
  useSyncExternalStore(store.subscribe, store.getVersion);
  store.resize({ columns, rows });
  const { ui, driver, layout } = store;

  useEffect(() => {
    if (props.open !== undefined) void controller.open(props.open);
  }, [controller, props.open]);
  useInput((input, key) => {
    controller.press(...keyNames(input, key));
  });

  if (!layout.fits) return <Text wrap="wrap">{tooSmall(columns, rows)}</Text>;
  const context = controller.context();
  const height = rows - CHROME_ROWS;
  const player = ui.screen === "player" && driver !== undefined;
  const title = player
    ? driver.session.title
    : "quicksand: why Linux promises its system calls, and nothing else";
  // With the free shell, which is the last.
  const facts = player
    ? machineFacts(driver, ui.cursor.position)
    : `${ui.selected + 1} of ${scenarios.length + 1}`;
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <TitleBar left={title} right={facts} columns={columns} theme={theme} />
      {ui.help ? (
        <Help
          context={controller.contextBelowHelp()}
          columns={columns}
          height={height}
          theme={theme}
        />
      ) : player ? (
        <Body driver={driver} layout={layout} ui={ui} theme={theme} />
      ) : (
        <Chooser
          scenarios={scenarios}
          shellRelease={props.shellRelease}
          selected={ui.selected}
          columns={columns}
          height={height}
          theme={theme}
        />
      )}
      <StatusLine
        context={context}
        notice={ui.notice || standingNotice(driver, ui.typing)}
        columns={columns}
        theme={theme}
      />
    </Box>
  );
}

function Body(props: {
  readonly driver: SessionDriver;
  readonly layout: ScreenLayout;
  readonly ui: UiState;
  readonly theme: Theme;
}): ReactNode {
  if (props.driver.failure === "") return <Player {...props} />;
  const { columns, rows } = props.layout;
  return (
    <Box width={columns} height={rows - CHROME_ROWS} padding={2} flexShrink={0}>
      <Text wrap="wrap">{props.driver.failure}</Text>
    </Box>
  );
}
